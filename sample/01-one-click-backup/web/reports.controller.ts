import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { BackupProgress } from '../contract.js';
import { BackupsService } from './backups.service.js';

@Controller()
export class ReportsController {
  constructor(@Inject(BackupsService) private readonly backups: BackupsService) {}

  @EventPattern<string>('progress')
  progress(@Payload() { progress }: { progress: BackupProgress }): void {
    this.backups.report(progress);
  }
}
