import type { Emitted, LoadRun } from '../../e2e/load-run.js';
import { firstOf, withProbability } from '../../fakes/sqs/fault-schedules.js';
import type { FaultProxy } from '../../fakes/proxy/fault-proxy.js';
import type { FaultScript } from '../../fakes/sqs/faults.js';
import type { SqsService } from './service.js';

/** The standard load: events of 1 KiB, four producers, four consumers, ten at once. */
export const EVENTS = 10_000;
const PRODUCERS = 4;
export const CONSUMERS = 4;
export const CONCURRENCY = 10;
/** Message groups, on a FIFO queue. */
const GROUPS = 40;
const FILLING_BYTES = 990;
const WINDOW = 250;

/** The environment by which programs find a queue of a service, through a proxy. */
export function environment(
  service: SqsService,
  proxy: FaultProxy,
  queue: string,
): { readonly AWS_ENDPOINT_URL_SQS: string; readonly QUEUE: string } & Readonly<Record<string, string>> {
  return {
    AWS_ENDPOINT_URL_SQS: proxy.endpoint,
    QUEUE: queue,
    AWS_REGION: service.region,
    AWS_ACCESS_KEY_ID: service.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: service.credentials.secretAccessKey,
  };
}

/** Emits the events of the standard load from `first` on, whatever befalls the network. Resolves when each emit has ended. */
export async function emitLoad(run: LoadRun, first: number, grouped: boolean): Promise<readonly Emitted[]> {
  const each = EVENTS / PRODUCERS;
  const settings = { EVENTS: each, WINDOW, FILLING_BYTES, PATIENT: 1, ...(grouped && { GROUPS }) };
  const starting = Array.from({ length: PRODUCERS }, (_, i) =>
    run.startEmitter({ ...settings, FIRST: first + i * each }),
  );
  const emitters = await Promise.all(starting);
  return Promise.all(emitters.map((emitter) => run.emit(emitter)));
}

/** Describes the calls that one producer sends to one group. */
export function lineOf(event: number): string {
  return `${Math.floor(event / (EVENTS / PRODUCERS))} ${event % GROUPS}`;
}

/** A queue service that fails now and then, in all the ways that pass by themselves. */
export function failing(random: () => number): FaultScript {
  return firstOf(
    withProbability(0.02, random, { kind: 'error', error: 'InternalError', status: 500 }),
    withProbability(0.02, random, { kind: 'error', error: 'RequestThrottled', status: 400 }),
    withProbability(0.02, random, { kind: 'reset', when: 'after' }),
    withProbability(0.01, random, { kind: 'truncate' }),
  );
}
