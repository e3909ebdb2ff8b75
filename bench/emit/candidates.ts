import type { Candidate } from '../kit/bench.js';
import { startChild } from '../kit/child.js';
import type { Cost } from '../kit/cost.js';
import { EVENT_BYTES } from '../kit/events.js';
import { programOf, type Rival, rivalParts } from '../kit/rival.js';
import { TELEMETRY_MODES, type TelemetryMode, WITHOUT_CREATE_SPANS } from '../kit/telemetry.js';
import { type SqsSetting, sqsSettings } from '../kit/sqs-settings.js';
import { DISCARDING, type QueueServer } from '../queue-server/start.js';
import { BATCH, type WayName } from './ways.js';

export const settings = sqsSettings({ delayed: 0.25, larger: 0.4, largest: 0.1 });

/** A process that sends events. */
interface SenderProgram {
  readonly name: string;
  /** Events of a full sample at the first setting. */
  readonly events: number;
  readonly program: URL;
  /** Name for the program, in this folder or of the rival. */
  readonly way: WayName | 'defaults' | 'best';
  readonly rival?: Rival;
  /** True if it packs events, for which only small ones make sense. */
  readonly packs?: boolean;
  readonly telemetry?: TelemetryMode;
}

const own = new URL('./sender.js', import.meta.url);
const sqsProducer: Rival = { workspace: 'nest11', package: 'sqs-producer', program: 'sqs-producer.mjs' };

const senders: readonly SenderProgram[] = [
  { name: 'raw SDK loop', events: 20_000, program: own, way: 'raw SDK loop' },
  { name: 'sqs-producer', events: 10_000, program: programOf(sqsProducer), way: 'defaults', rival: sqsProducer },
  { name: 'sqs-producer, best', events: 20_000, program: programOf(sqsProducer), way: 'best', rival: sqsProducer },
  { name: 'raw undici loop', events: 100_000, program: own, way: 'raw undici loop' },
  { name: 'batched', events: 60_000, program: own, way: 'batched' },
  { name: 'batched, SDK path', events: 20_000, program: own, way: 'batched, SDK path' },
  { name: 'packed', events: 300_000, program: own, way: 'packed', packs: true },
  { name: 'packed, 64 KiB', events: 300_000, program: own, way: 'packed, 64 KiB', packs: true },
];

function toCandidate(
  server: QueueServer,
  { name, events, program, way, rival, packs, telemetry }: SenderProgram,
): Candidate<SqsSetting> {
  return {
    name,
    ...(rival !== undefined && rivalParts(rival)),
    takes: ({ bytes }) => packs !== true || bytes === EVENT_BYTES,
    async start() {
      const child = await startChild(program);
      await child.ask('start', { way, endpoint: server.endpoint, queueUrl: server.queueUrl(DISCARDING), telemetry });
      return {
        async measure(setting, share) {
          const { delayMs, bytes } = setting;
          const wanted = events * (packs === true ? 1 : setting.share) * share;
          const count = Math.ceil(wanted / BATCH) * BATCH;
          await server.reset(delayMs);
          const serverFrom = await server.cpu();
          const { seconds, cpu } = await child.ask<Cost>('run', { events: count, bytes });
          const serverCpu = (await server.cpu()) - serverFrom;
          const { requests, billedUnits, sent } = await server.counts();
          if (packs !== true && sent !== count) throw new Error(`${name} sent ${sent} of ${count} events`);
          return {
            requests: ((requests['SendMessageBatch'] ?? 0) / count) * 1e6,
            billed: (billedUnits / count) * 1e6,
            cpu: cpu / count,
            server: serverCpu / 1e4 / seconds,
            speed: count / seconds,
          };
        },
        stop: () => child.stop(),
      };
    },
  };
}

export function candidates(server: QueueServer): readonly Candidate<SqsSetting>[] {
  return senders.map((sender) => toCandidate(server, sender));
}

/** Returns the ways of this library, each with each kind of telemetry. */
export function telemetryCandidates(server: QueueServer): readonly Candidate<SqsSetting>[] {
  const ways = senders.filter(({ way }) => way === 'batched' || way === 'packed');
  return ways.flatMap((sender) =>
    ([...TELEMETRY_MODES, WITHOUT_CREATE_SPANS] as const).map((telemetry) =>
      toCandidate(server, { ...sender, name: `emit ${sender.name}, ${telemetry}`, telemetry }),
    ),
  );
}
