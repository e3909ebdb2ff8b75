import type { Received } from '../matrix/judge.js';

/** Milliseconds without any arrival after which the missing calls count as lost. */
const QUIET = 20_000;

/** Collects the calls and failures of all cells, and waits until each cell has as many as it must have. */
export class Arrivals {
  private readonly received = new Map<string, Received[]>();
  private missing: number;
  private wake: () => void = () => undefined;

  /** @param wanted numbers of calls and failures, by the names of the cells */
  constructor(private readonly wanted: ReadonlyMap<string, number>) {
    this.missing = [...wanted.values()].reduce((sum, count) => sum + count, 0);
  }

  readonly add = (one: Received): void => {
    const { queue } = one;
    const list = this.received.get(queue) ?? [];
    list.push(one);
    this.received.set(queue, list);
    if (list.length <= (this.wanted.get(queue) ?? 0)) this.missing -= 1;
    this.wake();
  };

  of(queue: string): readonly Received[] {
    return this.received.get(queue) ?? [];
  }

  /** Resolves when nothing is missing, or when nothing has come for a long time. The judge then names what is missing. */
  async complete(): Promise<void> {
    while (this.missing > 0) {
      let timer: NodeJS.Timeout | undefined;
      const quiet = new Promise<true>((resolve) => (timer = setTimeout(() => resolve(true), QUIET)));
      const arrived = new Promise<false>((resolve) => (this.wake = () => resolve(false)));
      const isQuiet = await Promise.race([quiet, arrived]);
      clearTimeout(timer);
      if (isQuiet) return;
    }
  }
}
