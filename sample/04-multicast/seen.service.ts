import { Injectable } from '@nestjs/common';
import type { Upload } from '../generated/uploads.js';

/** Records the uploads that a worker has handled. */
@Injectable()
export class SeenService {
  private readonly lines = new Set<string>();
  private waiting: { readonly count: number; readonly resolve: () => void } | undefined;

  add({ id, fileName }: Upload, sender: string | undefined): void {
    this.lines.add(`${id} ${fileName} from ${sender}`);
    if (this.waiting && this.lines.size >= this.waiting.count) this.waiting.resolve();
  }

  /** Resolves with a number of uploads once all of them have arrived. */
  async until(count: number): Promise<readonly string[]> {
    if (this.lines.size < count) {
      await new Promise<void>((resolve) => {
        this.waiting = { count, resolve };
      });
    }
    return [...this.lines].sort();
  }
}
