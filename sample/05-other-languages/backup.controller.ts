import { ThriftController } from 'nestjs-sqs-thrift';
import { BackupQueue, BackupReports, type StartBackupArgs } from '../generated/backup.js';
import { SeenService } from './seen.service.js';

/** Handles backups. The controller does not know the language of the sender. */
@ThriftController(BackupQueue)
@ThriftController(BackupReports)
export class BackupController {
  constructor(private readonly seen: SeenService) {}

  startBackup({ request }: StartBackupArgs): void {
    this.seen.add(request.userId);
  }

  progress({ progress }: { progress: { id: string; filesDone: number; filesTotal: number } }): void {
    this.seen.add(`${progress.filesDone}/${progress.filesTotal} files`);
  }
}
