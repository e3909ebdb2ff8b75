import { loadService } from 'nestjs-sqs-thrift';

export const BackupQueue = loadService('idl/backup.thrift', 'BackupQueue');
export const BackupReports = loadService('idl/backup.thrift', 'BackupReports');

export interface BackupRequest {
  readonly id: string;
  readonly userId: string;
  readonly requestedAt: bigint;
}

export interface BackupQueueStub {
  startBackup(request: BackupRequest): Promise<string>;
}
