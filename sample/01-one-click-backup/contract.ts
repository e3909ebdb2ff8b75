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

/** Configures both ends of both queues. The environment of the AWS SDK selects the SQS. */
export const REQUESTS = { queue: 'backup', service: BackupQueue };
export const REPORTS = { queue: 'backup-reports', service: BackupReports };
