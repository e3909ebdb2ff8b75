import { Injectable } from '@nestjs/common';
import type { AlbumEdit } from '../generated/albums.js';

/** Holds the state of the albums after all edits. */
@Injectable()
export class AlbumsService {
  private readonly edits = new Map<string, number[]>();
  private waiting: { readonly count: number; readonly resolve: () => void } | undefined;

  apply({ albumId, number }: AlbumEdit): void {
    this.edits.set(albumId, [...(this.edits.get(albumId) ?? []), number]);
    if (this.waiting && this.total() >= this.waiting.count) this.waiting.resolve();
  }

  /** Maps albums to the numbers of their edits, in the order of application. */
  applied(): ReadonlyMap<string, readonly number[]> {
    return this.edits;
  }

  /** Resolves when a number of edits has been applied. */
  until(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.waiting = { count, resolve };
    });
  }

  private total(): number {
    return [...this.edits.values()].reduce((sum, numbers) => sum + numbers.length, 0);
  }
}
