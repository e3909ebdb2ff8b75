import { Injectable } from '@nestjs/common';
import { Subject } from 'rxjs';
import { type BackupProgress, BackupState } from '../contract.js';

/** A backup as the page shows it. */
export interface Backup {
  id: string;
  userId: string;
  state: keyof typeof BackupState | 'ACCEPTED';
  filesDone: number;
  filesTotal: number;
  bytesDone: number;
  /** How often a worker has reported it done: more than once after a redelivery. */
  timesDone: number;
}

/** What the web application knows of the backups it has accepted, from the reports of the workers. */
@Injectable()
export class BackupsService {
  readonly changes = new Subject<Backup>();
  private readonly backups = new Map<string, Backup>();

  accept(id: string, userId: string): void {
    this.backups.set(id, { id, userId, state: 'ACCEPTED', filesDone: 0, filesTotal: 0, bytesDone: 0, timesDone: 0 });
  }

  /** The queue did not store the request, so nobody will ever report on it. */
  withdraw(id: string): void {
    this.backups.delete(id);
  }

  /** A standard queue keeps no order: a report that comes late must not undo a later one. */
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
