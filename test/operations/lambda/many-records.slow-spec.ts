import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { Module } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ClientSqsThrift, type SqsThriftContext } from 'nestjs-sqs-thrift';
import { createLambdaHandler, type LambdaHandler } from 'nestjs-sqs-thrift/lambda';
import { type EmbeddedQueue, type EmbeddedSqs, startEmbeddedSqs } from 'nestjs-sqs-thrift/testing';
import { seededRandom } from '../../consume/fleet/fleet.js';
import { BackupController, BackupQueue, Desk } from './backup-function.js';
import { EventSource, type InvocationEnd } from './event-source.js';
import { type Mishap, UnsteadyEnvironment } from './unsteady-environment.js';

const RECORDS = 10_000;
const ENVIRONMENTS = 8;
const TIMEOUT_MS = 1_000;
const VISIBILITY_SECONDS = 3;
const SEED = 20261201;

const COUNTS = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const;

/** Mishaps of invocations, of a thousand each. */
const MISHAPS: readonly (readonly [NonNullable<Mishap>, number])[] = [
  ['cold start', 40],
  ['failed start', 20],
  ['death after the work', 30],
  ['answer after the time-out', 20],
];

let sqs: EmbeddedSqs;
let requests: SQSClient;
let queue: EmbeddedQueue;

beforeAll(async () => {
  sqs = await startEmbeddedSqs();
  const { endpoint, region, credentials } = sqs;
  requests = new SQSClient({ endpoint, region, credentials });
  queue = await sqs.createQueue('many', { attributes: { VisibilityTimeout: String(VISIBILITY_SECONDS) } });
  const client = new ClientSqsThrift({ endpoint, region, credentials, queue: 'many', service: BackupQueue });
  await client.emitAll(
    'startBackup',
    Array.from({ length: RECORDS }, (_each, at) => ({ userId: String(at) })),
  );
  await client.close();
}, 120_000);

afterAll(async () => {
  requests.destroy();
  await sqs.stop();
});

async function left(): Promise<number> {
  const command = new GetQueueAttributesCommand({ QueueUrl: queue.url, AttributeNames: [...COUNTS] });
  const { Attributes = {} } = await requests.send(command);
  return COUNTS.reduce((sum, name) => sum + Number(Attributes[name]), 0);
}

/** Counts what handlers did, and what may have made a message come back although its handler succeeded. */
class Ledger {
  readonly successes = new Map<string, number>();
  private readonly reasons = new Map<string, number>();
  readonly seen = new Map<string, number>();

  note(what: string): void {
    this.seen.set(what, (this.seen.get(what) ?? 0) + 1);
  }

  /** Notes an invocation after which handled messages stay, or stayed so long that they were handed out again. */
  invoked({ event, isAnswered, ms }: InvocationEnd): void {
    this.note(isAnswered ? 'answered' : 'not answered');
    if (isAnswered && ms < VISIBILITY_SECONDS * 1000) return;
    for (const { messageId } of event.Records) this.excuse(messageId);
  }

  /** Notes a handler that ended after its invocation. */
  late(messageId: string): void {
    this.note('late handler');
    this.excuse(messageId);
  }

  succeeded(messageId: string): void {
    this.successes.set(messageId, (this.successes.get(messageId) ?? 0) + 1);
  }

  /** Counts the messages that were handled more often than their mishaps explain. */
  get unexplained(): readonly string[] {
    return [...this.successes].flatMap(([id, times]) => (times - 1 > (this.reasons.get(id) ?? 0) ? [id] : []));
  }

  private excuse(messageId: string): void {
    this.reasons.set(messageId, (this.reasons.get(messageId) ?? 0) + 1);
  }
}

/** Ends as a handler of the real world does: mostly well, sometimes not, and seldom in time. */
async function work(ctx: SqsThriftContext, random: () => number, ledger: Ledger): Promise<void> {
  const { MessageId: id } = ctx.getMessage();
  const chance = random();
  if (chance < 0.03) {
    ledger.note('failed handler');
    throw new Error('broken');
  }
  if (chance < 0.033) {
    ledger.note('hanging handler');
    const ended = new Promise<void>((resolve) => ctx.signal.addEventListener('abort', () => resolve()));
    await ended;
    if (chance < 0.0315) throw ctx.signal.reason as Error;
    // Ignores its signal, and ends well behind it.
    await new Promise(setImmediate);
  } else if (chance < 0.2) await new Promise(setImmediate);
  if (ctx.signal.aborted) ledger.late(id!);
  ledger.succeeded(id!);
}

function functionOf(random: () => number, ledger: Ledger, fails: boolean): LambdaHandler {
  const desk = new Desk();
  desk.handler = (_userId, ctx) => work(ctx, random, ledger);
  let starts = 0;
  const START = {
    provide: 'START',
    useFactory: () => {
      starts += 1;
      if (fails && starts === 1) throw new Error('no database');
    },
  };
  class FunctionModule {}
  Module({ controllers: [BackupController], providers: [{ provide: Desk, useValue: desk }, START] })(FunctionModule);
  const options = { application: { logger: false }, answerBeforeMs: 300 } as const;
  return createLambdaHandler(FunctionModule, { queue: 'many', service: BackupQueue }, options);
}

function mishaps(random: () => number, ledger: Ledger): () => Mishap {
  return () => {
    let chance = random() * 1000;
    for (const [mishap, share] of MISHAPS) {
      chance -= share;
      if (chance >= 0) continue;
      ledger.note(mishap);
      return mishap;
    }
    return undefined;
  };
}

describe('ten thousand messages', () => {
  it('are all handled, and those that are handled twice have a reason', async () => {
    const random = seededRandom(SEED);
    const ledger = new Ledger();
    const create = (fails: boolean): LambdaHandler => functionOf(random, ledger, fails);
    const parts = { create, nextMishap: mishaps(random, ledger) };
    const environments = Array.from({ length: ENVIRONMENTS }, () => new UnsteadyEnvironment(parts));
    let empty!: () => void;
    const emptied = new Promise<void>((resolve) => (empty = resolve));
    const onEnd = (end: InvocationEnd): void => {
      ledger.invoked(end);
      if (ledger.successes.size === RECORDS) void left().then((count) => count === 0 && empty());
    };
    const sources = environments.map(
      ({ invoke }) => new EventSource({ sqs, queue, invoke, timeoutMs: TIMEOUT_MS, batchSize: 50, onEnd }),
    );
    for (const source of sources) source.start();
    await emptied;
    await Promise.all(sources.map((source) => source.stop()));
    await Promise.all(environments.map((environment) => environment.close()));
    expect(ledger.successes.size).toBe(RECORDS);
    expect(await left()).toBe(0);
    expect(ledger.unexplained).toEqual([]);
    // The mishaps took place, so that the check can fail.
    const kinds = [...MISHAPS.map(([mishap]) => mishap), 'failed handler', 'hanging handler', 'late handler'];
    expect([...ledger.seen.keys()]).toEqual(expect.arrayContaining([...kinds, 'not answered']));
    const twice = [...ledger.successes.values()].filter((times) => times > 1).length;
    expect(twice).toBeGreaterThan(0);
  }, 120_000);
});
