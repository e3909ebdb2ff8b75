import type { Candidate } from '../kit/bench.js';
import { startChild } from '../kit/child.js';
import { codec, event, EVENT_BYTES, eventBody } from '../kit/events.js';
import { programOf, type Rival, rivalParts } from '../kit/rival.js';
import { type SqsSetting, sqsSettings } from '../kit/sqs-settings.js';
import { TELEMETRY_MODES, type TelemetryMode } from '../kit/telemetry.js';
import type { QueueServer } from '../queue-server/start.js';
import type { ConsumerName } from './consumers.js';

export const settings = sqsSettings({ delayed: 0.4, larger: 0.5, largest: 0.2 });

/** A process that consumes a queue. */
interface ConsumerProgram {
  readonly name: string;
  /** Messages of a full sample at the first setting. */
  readonly messages: number;
  /** Name for the program, in this folder or of the rival. */
  readonly way: ConsumerName | 'defaults' | 'best' | 'batch handler';
  readonly rival?: Rival;
  /** Events in a message (default 1). Only small events are packed. */
  readonly eventsPerMessage?: number;
  readonly telemetry?: TelemetryMode;
}

const ssut: Rival = { workspace: 'nest11', package: '@ssut/nestjs-sqs', program: 'ssut.mjs' };
const ethberry: Rival = { workspace: 'nest11', package: '@ethberry/nestjs-sqs', program: 'ethberry.mjs', node: 24 };
const sqsConsumer: Rival = { workspace: 'nest11', package: 'sqs-consumer', program: 'sqs-consumer.mjs' };

/** Events of 200 bytes that fit in bodies of 8 KiB and of 64 KiB. */
const [SMALL_PACK, LARGE_PACK] = [30, 243];

const programs: readonly ConsumerProgram[] = [
  { name: 'ours', messages: 20_000, way: 'own, defaults' },
  { name: 'ours, concurrency 100', messages: 20_000, way: 'own, concurrency 100' },
  { name: 'ours, SDK path', messages: 4_000, way: 'own, SDK path' },
  { name: 'ours, concurrency 100, SDK path', messages: 6_000, way: 'own, concurrency 100, SDK path' },
  { name: 'ours, packed 8 KiB', messages: 3_000, way: 'own, defaults', eventsPerMessage: SMALL_PACK },
  { name: 'ours, packed 64 KiB', messages: 800, way: 'own, defaults', eventsPerMessage: LARGE_PACK },
  { name: '@ssut/nestjs-sqs, defaults', messages: 2_000, way: 'defaults', rival: ssut },
  { name: '@ssut/nestjs-sqs, best', messages: 8_000, way: 'best', rival: ssut },
  { name: '@ethberry/nestjs-sqs', messages: 2_000, way: 'defaults', rival: ethberry },
  { name: 'sqs-consumer, defaults', messages: 2_000, way: 'defaults', rival: sqsConsumer },
  { name: 'sqs-consumer, batch handler', messages: 3_000, way: 'batch handler', rival: sqsConsumer },
  { name: 'sqs-consumer, best', messages: 8_000, way: 'best', rival: sqsConsumer },
  { name: 'raw SDK loop', messages: 8_000, way: 'raw SDK loop' },
  { name: 'raw undici loop', messages: 60_000, way: 'raw undici loop' },
];

/** Returns the body of a message with one event or with several. */
function bodyOf(events: number, bytes: number): string {
  if (events === 1) return eventBody(0, bytes);
  const calls = Array.from({ length: events }, (_, i) => codec.encode({ method: 'visited', args: event(i, bytes) }));
  return Buffer.concat(calls).toString('base64');
}

function toCandidate(server: QueueServer, program: ConsumerProgram, index: number): Candidate<SqsSetting> {
  const { name, way, rival, eventsPerMessage = 1, telemetry } = program;
  const queue = `handle-${index}`;
  return {
    name,
    ...(rival !== undefined && rivalParts(rival)),
    takes: ({ bytes }) => eventsPerMessage === 1 || bytes === EVENT_BYTES,
    async start() {
      const child = await startChild(
        rival === undefined ? new URL('./consumer.js', import.meta.url) : programOf(rival),
      );
      await child.ask('start', { way, endpoint: server.endpoint, queue, queueUrl: server.queueUrl(queue), telemetry });
      return {
        async measure({ delayMs, bytes, share: settingShare }, share) {
          const count = Math.ceil(program.messages * settingShare * share);
          await child.ask('handled');
          await server.reset(delayMs);
          const [cpuFrom, serverFrom] = [await child.cpu(), await server.cpu()];
          await server.preload({ queue, body: bodyOf(eventsPerMessage, bytes), count });
          const { seconds } = await Promise.race([server.untilDeleted(count), child.ended]);
          const [cpu, serverCpu] = [(await child.cpu()) - cpuFrom, (await server.cpu()) - serverFrom];
          const events = count * eventsPerMessage;
          const handled = await child.ask<number>('handled');
          if (handled !== events) throw new Error(`${name} handled ${handled} of ${events} events`);
          return { speed: events / seconds, cpu: cpu / events, server: serverCpu / 1e4 / seconds };
        },
        stop: () => child.stop(),
      };
    },
  };
}

export function candidates(server: QueueServer): readonly Candidate<SqsSetting>[] {
  return programs.map((program, index) => toCandidate(server, program, index));
}

/** Returns the ways of this library, each with each kind of telemetry. */
export function telemetryCandidates(server: QueueServer): readonly Candidate<SqsSetting>[] {
  const own = programs.filter(({ name }) => name === 'ours' || name === 'ours, packed 8 KiB');
  const variants = own.flatMap((program) =>
    TELEMETRY_MODES.map((telemetry) => ({
      ...program,
      name: `handle${program.name.slice('ours'.length)}, ${telemetry}`,
      telemetry,
    })),
  );
  return variants.map((program, index) => toCandidate(server, program, 100 + index));
}
