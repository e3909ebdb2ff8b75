import type { Setting } from './bench.js';
import { EVENT_BYTES } from './events.js';

/** Delay of each answer, and size of each event. One of them varies at a time. */
export interface SqsSetting extends Setting {
  readonly delayMs: number;
  readonly bytes: number;
  /** Part of the events of the first setting, so that all samples take about as long. */
  readonly share: number;
}

/** Returns the settings of a benchmark with the shares of those that take longer. */
export function sqsSettings(shares: {
  readonly delayed: number;
  readonly larger: number;
  readonly largest: number;
}): readonly SqsSetting[] {
  return [
    { name: '0 ms, 200 B', delayMs: 0, bytes: EVENT_BYTES, share: 1 },
    { name: '8 ms, 200 B', delayMs: 8, bytes: EVENT_BYTES, share: shares.delayed },
    { name: '0 ms, 2 KB', delayMs: 0, bytes: 2_000, share: shares.larger },
    { name: '0 ms, 20 KB', delayMs: 0, bytes: 20_000, share: shares.largest },
  ];
}
