import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { BackupRequest } from './contract.js';
import { SeenService } from './seen.service.js';

/** Handles backups. The controller does not know the language of the sender. */
@Controller()
export class BackupController {
  constructor(private readonly seen: SeenService) {}

  @EventPattern<string>('startBackup')
  startBackup(@Payload() { request }: { request: BackupRequest }): void {
    this.seen.add(request.userId);
  }

  @EventPattern<string>('progress')
  progress(@Payload() { progress }: { progress: { id: string; filesDone: number; filesTotal: number } }): void {
    this.seen.add(`${progress.filesDone}/${progress.filesTotal} files`);
  }
}
