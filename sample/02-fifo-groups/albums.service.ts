import { Injectable } from '@nestjs/common';
import type { AlbumEdit } from './contract.js';

/** The albums, as the edits have left them. */
@Injectable()
export class AlbumsService {
  private readonly edits = new Map<string, number[]>();
  private waiting: { readonly count: number; readonly resolve: () => void } | undefined;

  apply({ albumId, number }: AlbumEdit): void {
    this.edits.set(albumId, [...(this.edits.get(albumId) ?? []), number]);
    if (this.waiting && this.total() >= this.waiting.count) this.waiting.resolve();
  }

  /** The numbers of the edits by album, in the order in which they were applied. */
  applied(): ReadonlyMap<string, readonly number[]> {
    return this.edits;
  }

  /** Resolves when so many edits have been applied. */
  until(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.waiting = { count, resolve };
    });
  }

  private total(): number {
    return [...this.edits.values()].reduce((sum, numbers) => sum + numbers.length, 0);
  }
}
