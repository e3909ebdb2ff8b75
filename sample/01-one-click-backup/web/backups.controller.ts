import { randomUUID } from 'node:crypto';
import {
  Body,
  Controller,
  Get,
  Header,
  HttpCode,
  Inject,
  type MessageEvent,
  Post,
  ServiceUnavailableException,
  Sse,
} from '@nestjs/common';
import type { BaseThriftClient } from 'nestjs-sqs-thrift';
import { lastValueFrom, map, type Observable } from 'rxjs';
import type { BackupQueueMethods } from '../../generated/backup.js';
import { type Backup, BackupsService } from './backups.service.js';
import { PAGE } from './page.js';

export const REQUESTS_CLIENT = Symbol('requests');

@Controller()
export class BackupsController {
  constructor(
    @Inject(REQUESTS_CLIENT) private readonly workers: BaseThriftClient<BackupQueueMethods>,
    @Inject(BackupsService) private readonly backups: BackupsService,
  ) {}

  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  page(): string {
    return PAGE;
  }

  /** Answers as soon as the queue has stored the request. A worker does the slow part. */
  @Post('backups')
  @HttpCode(202)
  async start(@Body() body?: { userId?: string }): Promise<{ id: string }> {
    const id = randomUUID();
    const userId = body?.userId ?? 'alice';
    this.backups.accept(id, userId);
    try {
      await lastValueFrom(this.workers.emit('startBackup', { request: { id, userId, requestedAt: Date.now() } }));
    } catch {
      this.backups.withdraw(id);
      throw new ServiceUnavailableException('the backup could not be queued; try again');
    }
    return { id };
  }

  @Get('backups')
  list(): Backup[] {
    return this.backups.all();
  }

  @Sse('events')
  events(): Observable<MessageEvent> {
    return this.backups.changes.pipe(map((backup) => ({ data: backup })));
  }
}
