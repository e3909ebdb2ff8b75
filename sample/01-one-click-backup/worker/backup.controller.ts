import { join } from 'node:path';
import { Inject } from '@nestjs/common';
import { type BaseThriftClient, RejectEventException, type ThriftContext, ThriftController } from 'nestjs-sqs-thrift';
import { lastValueFrom } from 'rxjs';
import {
  type BackupProgress,
  type BackupProgressInput,
  BackupQueue,
  type BackupQueueHandlers,
  type BackupReportsMethods,
  BackupState,
  type StartBackupArgs,
} from '../../generated/backup.js';
import { copyFiles, type Copied } from './copy-files.js';

export const REPORTS_CLIENT = Symbol('reports');

@ThriftController(BackupQueue)
export class BackupController implements BackupQueueHandlers<ThriftContext> {
  private readonly root = process.env['BACKUP_ROOT']!;

  constructor(@Inject(REPORTS_CLIENT) private readonly reports: BaseThriftClient<BackupReportsMethods>) {}

  async startBackup({ request }: StartBackupArgs, ctx: ThriftContext): Promise<void> {
    const { id, userId, excludedFolders = new Set<string>() } = request;
    if (!/^[a-z0-9-]+$/.test(userId))
      throw new RejectEventException('a user id of letters, digits and dashes is expected');
    const attempt = ctx.getReceiveCount();
    await this.report({ id, attempt, state: BackupState.STARTED });
    try {
      const last = await this.copy(request.userId, id, excludedFolders, ctx);
      await this.report({ id, attempt, state: BackupState.DONE, ...counts(last) });
    } catch (error) {
      // Report the failure and retry, because a later attempt may succeed.
      await this.report({ id, attempt, state: BackupState.FAILED, problem: (error as Error).message });
      throw error;
    }
  }

  private async copy(userId: string, id: string, excluded: Set<string>, ctx: ThriftContext): Promise<Copied> {
    const [from, to] = [join(this.root, 'users', userId), join(this.root, 'backups', id)];
    let last: Copied = { done: 0, total: 0, bytes: 0 };
    for await (last of copyFiles(from, to, excluded, ctx.signal)) {
      const progress = { id, attempt: ctx.getReceiveCount(), state: BackupState.COPYING, ...counts(last) };
      if (last.done % 10 === 0) await this.report(progress);
    }
    return last;
  }

  /**
   * Reports the progress. If a report cannot be stored, the handler fails and the backup is
   * retried.
   */
  private async report(progress: BackupProgressInput): Promise<void> {
    await lastValueFrom(this.reports.emit('progress', { progress }));
  }
}

function counts({ done, total, bytes }: Copied): Pick<BackupProgress, 'filesDone' | 'filesTotal' | 'bytesDone'> {
  return { filesDone: done, filesTotal: total, bytesDone: BigInt(bytes) };
}
