import { loadService } from 'nestjs-sqs-thrift';

/** Web application → workers. */
const BackupQueue = loadService('idl/backup.thrift', 'BackupQueue');
/** Workers → web application. */
const BackupReports = loadService('idl/backup.thrift', 'BackupReports');

export interface StartBackupArgs {
  request: { id: string; userId: string; requestedAt: bigint; excludedFolders?: Set<string> };
}

export enum BackupState {
  STARTED = 1,
  COPYING = 2,
  DONE = 3,
  FAILED = 4,
}

export interface BackupProgress {
  id: string;
  state: BackupState;
  filesDone: number;
  filesTotal: number;
  bytesDone: bigint;
  attempt: number;
  problem?: string;
}

/**
 * Locates both ends of both services. The environment of the AWS SDK selects the SQS, and the ports are for
 * transports without a queue.
 */
export const REQUESTS = { service: BackupQueue, queue: 'backup', port: Number(process.env['REQUESTS_PORT']) };
export const REPORTS = { service: BackupReports, queue: 'backup-reports', port: Number(process.env['REPORTS_PORT']) };
