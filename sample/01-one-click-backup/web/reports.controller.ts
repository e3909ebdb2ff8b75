import { Inject } from '@nestjs/common';
import { ThriftController } from 'nestjs-sqs-thrift';
import { type BackupProgress, REPORTS } from '../contract.js';
import { BackupsService } from './backups.service.js';

@ThriftController(REPORTS.service)
export class ReportsController {
  constructor(@Inject(BackupsService) private readonly backups: BackupsService) {}

  progress({ progress }: { progress: BackupProgress }): void {
    this.backups.report(progress);
  }
}
