import { BackupQueue, BackupReports } from '../generated/backup.js';

/**
 * Locates both ends of both services: web application → workers, and workers → web application. The
 * environment of the AWS SDK selects the SQS, and the ports are for transports without a queue.
 */
export const REQUESTS = { service: BackupQueue, queue: 'backup', port: Number(process.env['REQUESTS_PORT']) };
export const REPORTS = { service: BackupReports, queue: 'backup-reports', port: Number(process.env['REPORTS_PORT']) };
