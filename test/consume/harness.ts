import { afterEach } from '@jest/globals';
import { resolveConsumeOptions, type ConsumeOptions } from '#lib/consume/consume-options.js';
import { Consumer } from '#lib/consume/consumer.js';
import type { ErrorClassifier, Delivery, HandlerDecision } from '#lib/consume/delivery.js';
import type { PoisonPolicy } from '#lib/consume/dead-letter.js';
import { type DeliveryWorker, MessageGroups, type MessageGroupsParts } from '#lib/consume/message-groups.js';
import type { SettledEvent, TransportEvent } from '#lib/diagnostics/transport-event.js';
import { createEventCodec } from '#lib/event/event-codec.js';
import type { OnewayCall } from '#lib/event/contract.js';
import { findService } from '#lib/idl/find-service.js';
import { loadSchemaFromText } from '#lib/idl/load-schema.js';
import { sleep } from '#lib/queue/clock.js';
import type { QueueFeatures } from '#lib/queue/queue.js';
import { QueueError, type QueueErrorKind } from '#lib/queue/queue-error.js';
import type { ReceivedMessage, WireMessage } from '#lib/queue/wire-message.js';
import { createMemoryQueue, type MemoryQueue } from '#lib/carriers/memory/memory-queue.js';
import { VirtualClock } from '#lib/testing/virtual-clock.js';
import type { MemoryQueueOptions } from '#lib/carriers/memory/memory-queue-options.js';

const IDL =
  'struct Job { 1: required i32 n } service Jobs { oneway void run(1: i32 n), oneway void job(1: Job job), i32 ask() }';
export const codec = createEventCodec([findService(loadSchemaFromText(IDL), 'Jobs')]);

export function failure(kind: QueueErrorKind = 'service'): QueueError {
  return new QueueError('by script', { code: 'Scripted', kind, queue: 'memory' });
}

/** The body of a call of `run` for each number. */
export function body(...numbers: number[]): string {
  return Buffer.concat(numbers.map((n) => codec.encode({ method: 'run', args: { n } }))).toString('base64');
}

/** A message as if it had been received, for parts that are tested without a queue. */
export function received(id: string, more: Partial<ReceivedMessage> = {}): ReceivedMessage {
  return {
    id,
    body: body(1),
    attributes: {},
    receiveCount: 1,
    receivedAt: 0,
    receipt: `${id}/r`,
    raw: undefined,
    ...more,
  };
}

/** Thrown by a handler that asks for something. */
export class Asks extends Error {
  constructor(readonly decision: HandlerDecision) {
    super('as asked');
  }
}

const classifyError: ErrorClassifier = (error) => (error instanceof Asks ? error.decision : undefined);

/** One run of a handler. */
export interface Run {
  readonly n: number;
  readonly delivery: Delivery;
  readonly startedAt: number;
  endedAt: number;
}

export type Handler = (n: number, delivery: Delivery, clock: VirtualClock) => Promise<void> | void;

export interface BenchOptions extends ConsumeOptions {
  readonly queue?: MemoryQueueOptions;
  /** Overrides features of the queue. */
  readonly features?: Partial<QueueFeatures>;
  readonly poisonPolicy?: PoisonPolicy | ((clock: VirtualClock) => PoisonPolicy);
  readonly classifyError?: ErrorClassifier;
}

const open = new Set<MemoryQueue>();

// A message that always fails at once goes round for ever, and time need not pass for that.
afterEach(async () => {
  for (const queue of open) await queue.close();
  open.clear();
});

/** A consumer over a queue in memory, which is closed when the test ends. */
export class Bench {
  readonly clock = new VirtualClock(0);
  readonly events: TransportEvent[] = [];
  /** When each event came. */
  readonly times = new Map<TransportEvent, number>();
  readonly runs: Run[] = [];
  readonly queue: MemoryQueue;
  readonly consumer: Consumer;

  constructor(handler: Handler = () => undefined, options: BenchOptions = {}) {
    const { queue, features, poisonPolicy = { type: 'redrive' }, ...rest } = options;
    this.queue = createMemoryQueue({ clock: this.clock, contentBasedDeduplication: true, ...queue });
    open.add(this.queue);
    // As on SQS: an aborted receive may have hidden messages.
    Object.assign(this.queue, { features: { ...this.queue.features, abortableReceive: false, ...features } });
    this.consumer = new Consumer({
      queue: this.queue,
      codec,
      clock: this.clock,
      report: (event) => {
        this.events.push(event);
        this.times.set(event, this.clock.now());
      },
      dispatcher: { dispatch: (call, delivery) => this.run(handler, call, delivery) },
      classifyError: options.classifyError ?? classifyError,
      poisonPolicy: typeof poisonPolicy === 'function' ? poisonPolicy(this.clock) : poisonPolicy,
      options: resolveConsumeOptions({ retry: { baseSeconds: 0 }, ...rest }),
    });
  }

  private async run(handler: Handler, call: OnewayCall, delivery: Delivery): Promise<void> {
    const run: Run = { n: call.args.n as number, delivery, startedAt: this.clock.now(), endedAt: Infinity };
    this.runs.push(run);
    await handler(run.n, delivery, this.clock);
    run.endedAt = this.clock.now();
  }

  /** Sends a call of `run` for each number, in order. */
  async send(numbers: readonly number[], more: Partial<WireMessage> = {}): Promise<void> {
    for (const n of numbers) await this.queue.send([{ body: body(n), ...more }]);
  }

  async start(ms = 0): Promise<void> {
    this.consumer.start();
    await this.clock.advance(ms);
  }

  /** The numbers in the order in which their handlers started. */
  get handled(): number[] {
    return this.runs.map(({ n }) => n);
  }

  get settled(): SettledEvent[] {
    return this.of('settled');
  }

  get outcomes(): string[] {
    return this.settled.map(({ outcome }) => outcome);
  }

  of<Type extends TransportEvent['type']>(type: Type): Extract<TransportEvent, { type: Type }>[] {
    return this.events.filter((event): event is Extract<TransportEvent, { type: Type }> => event.type === type);
  }

  /** Messages in the queue, whatever their state. */
  get left(): number {
    return this.queue.messages().length;
  }
}

/** The groups of a standard queue, which never hold a message back. */
export function standardGroups(parts: Pick<MessageGroupsParts, 'queue' | 'clock' | 'slots'>): MessageGroups {
  const worker: DeliveryWorker = { handle: async () => undefined, release: async () => undefined };
  return new MessageGroups({
    ...parts,
    worker,
    maxReceives: Infinity,
    waitTimeSeconds: 20,
    visibilityTimeoutSeconds: 30,
  });
}

/** A handler that takes so long. */
export function takes(ms: number): Handler {
  return (_, __, clock) => sleep(clock, ms);
}

export function range(count: number, from = 1): number[] {
  return Array.from({ length: count }, (_, i) => from + i);
}

/** Lets promises settle that wait for no clock. */
export async function turns(count = 3): Promise<void> {
  for (let i = 0; i < count; i += 1) await new Promise<void>((resolve) => setImmediate(resolve));
}
