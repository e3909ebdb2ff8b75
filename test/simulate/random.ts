import { seeded } from '../fuzz/random.js';

/** Draws values from a seed. The same seed gives the same values on every machine. */
export class Dice {
  private readonly random;

  constructor(private readonly seed: number) {
    this.random = seeded(seed);
  }

  /** Returns dice of their own for a purpose, so that purposes do not affect each other. */
  fork(purpose: string): Dice {
    return new Dice(hash(this.seed, purpose));
  }

  /** Returns a number from 0 up to 1. */
  readonly number = (): number => this.random.bits() / 4_294_967_296;

  /** True with a probability. */
  chance(probability: number): boolean {
    return this.number() < probability;
  }

  /** Returns an integer from `from` to `to`, both included. */
  between(from: number, to: number): number {
    return from + this.random.below(to - from + 1);
  }

  /** Returns an integer from `from` to `to` whose size is spread evenly, so small numbers are frequent. */
  spread(from: number, to: number): number {
    return Math.round(from * (to / from) ** this.number());
  }

  pick<T>(values: readonly T[]): T {
    return this.random.pick(values);
  }

  shuffle<T>(values: readonly T[]): T[] {
    const left = [...values];
    return values.map(() => left.splice(this.random.below(left.length), 1)[0]!);
  }
}

/** Mixes a seed with a text (FNV-1a). */
export function hash(seed: number, text: string): number {
  let state = (seed ^ 0x811c9dc5) >>> 0;
  for (let at = 0; at < text.length; at += 1) state = Math.imul(state ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return (state ^ (state >>> 15)) >>> 0;
}
