import { Injectable } from '@nestjs/common';

/** The queue: strings in the order of their arrival. */
@Injectable()
export class Strings {
  readonly all: string[] = [];
  private waiting: { readonly count: number; readonly resolve: () => void } | undefined;

  add(text: string): void {
    this.all.push(text);
    if (this.waiting && this.all.length >= this.waiting.count) this.waiting.resolve();
  }

  /** Resolves once so many strings have arrived. */
  async until(count: number): Promise<void> {
    if (this.all.length >= count) return;
    await new Promise<void>((resolve) => {
      this.waiting = { count, resolve };
    });
  }
}
