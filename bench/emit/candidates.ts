import type { Candidate, Setting } from '../kit/bench.js';
import { startChild } from '../kit/child.js';
import type { Cost } from '../kit/cost.js';
import { EVENT_BYTES } from '../kit/events.js';
import type { QueueServer } from '../queue-server/start.js';
import type { WayName } from './ways.js';

/** Delay of each answer, and size of each event. */
export interface EmitSetting extends Setting {
  readonly delayMs: number;
  readonly bytes: number;
}

export const settings: readonly EmitSetting[] = [
  { name: '0 ms', delayMs: 0, bytes: EVENT_BYTES },
  { name: '8 ms', delayMs: 8, bytes: EVENT_BYTES },
];

/** Number of events of a full sample by candidate. */
const EVENTS: Readonly<Record<WayName, number>> = {
  'raw SDK loop': 20_000,
  batched: 20_000,
  'batched, SDK path': 20_000,
  packed: 300_000,
  'packed, 64 KiB': 300_000,
};

function toCandidate(server: QueueServer, name: WayName): Candidate<EmitSetting> {
  return {
    name,
    async start() {
      const child = await startChild(new URL('./sender.js', import.meta.url));
      await child.ask('start', { way: name, endpoint: server.endpoint });
      return {
        async measure({ delayMs, bytes }, share) {
          const events = EVENTS[name] * share;
          await server.reset(delayMs);
          const { seconds, cpu } = await child.ask<Cost>('run', { events, bytes });
          const { requests, billedUnits } = await server.counts();
          return {
            requests: ((requests['SendMessageBatch'] ?? 0) / events) * 1e6,
            billed: (billedUnits / events) * 1e6,
            cpu: cpu / events,
            speed: events / seconds,
          };
        },
        stop: () => child.stop(),
      };
    },
  };
}

export function candidates(server: QueueServer): readonly Candidate<EmitSetting>[] {
  return (Object.keys(EVENTS) as WayName[]).map((name) => toCandidate(server, name));
}
