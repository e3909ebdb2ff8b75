import { Injectable } from '@nestjs/common';
import { Subject } from 'rxjs';
import { type BackupProgress, BackupState } from '../../generated/backup.js';

/** Describes a backup as the page shows it. */
export interface Backup {
  id: string;
  userId: string;
  state: keyof typeof BackupState | 'ACCEPTED';
  filesDone: number;
  filesTotal: number;
  bytesDone: number;
  /** Number of done reports: more than one after a redelivery. */
  timesDone: number;
}

/** Tracks the accepted backups from the reports of the workers. */
@Injectable()
export class BackupsService {
  readonly changes = new Subject<Backup>();
  private readonly backups = new Map<string, Backup>();

  accept(id: string, userId: string): void {
    this.backups.set(id, { id, userId, state: 'ACCEPTED', filesDone: 0, filesTotal: 0, bytesDone: 0, timesDone: 0 });
  }

  /**
   * Removes a backup whose request the queue did not store, because no worker will report on it.
   */
  withdraw(id: string): void {
    this.backups.delete(id);
  }

  /**
   * Applies a report. A standard queue keeps no order, so a late report must not undo a newer
   * report.
   */
  report(progress: BackupProgress): void {
    const backup = this.backups.get(progress.id);
    if (!backup) return;
    const done = progress.state === BackupState.DONE;
    if (done) backup.timesDone += 1;
    const failed = progress.state === BackupState.FAILED;
    if (done || (backup.state !== 'DONE' && (failed || progress.filesDone >= backup.filesDone))) {
      backup.state = BackupState[progress.state] as Backup['state'];
      backup.filesDone = progress.filesDone;
      backup.filesTotal = progress.filesTotal;
      backup.bytesDone = Number(progress.bytesDone);
    }
    this.changes.next(backup);
  }

  all(): Backup[] {
    return [...this.backups.values()];
  }
}
