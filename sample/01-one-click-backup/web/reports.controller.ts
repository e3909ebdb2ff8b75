import { Inject } from '@nestjs/common';
import { ThriftController } from 'nestjs-sqs-thrift';
import { BackupReports, type BackupReportsHandlers, type ProgressArgs } from '../../generated/backup.js';
import { BackupsService } from './backups.service.js';

@ThriftController(BackupReports)
export class ReportsController implements BackupReportsHandlers {
  constructor(@Inject(BackupsService) private readonly backups: BackupsService) {}

  progress({ progress }: ProgressArgs): void {
    this.backups.report(progress);
  }
}
