import type { LoggerService } from '@nestjs/common';
import { Consumer, type ConsumerParts } from '../../consume/consumer.js';
import { inRootContext } from '../../common/root-context.js';
import type { Delivery } from '../../consume/delivery.js';
import { messageOf } from '../../diagnostics/error-text.js';
import { sleep } from '../../queue/clock.js';
import { QueueError } from '../../queue/queue-error.js';
import {
  keepOpening,
  type Openers,
  type OpenQueues,
  openQueues,
  type QueueSettings,
  receiveWarnings,
} from './open-queues.js';
import { signalCounter } from '../signals.js';
import { stopping } from '../stopping.js';
import { StartWatch } from './start-watch.js';

/** Number of methods that the line about a stop names. */
const MOST_METHODS = 3;

/** Time in ms for queues to close after a drain that took all of its time. */
const CLOSE_MS = 500;

export interface WorkerParts extends Omit<ConsumerParts, 'queue' | 'poisonPolicy'> {
  readonly openers: Openers;
  readonly settings: QueueSettings;
  readonly logger: LoggerService;
  readonly setStatus: (status: 'up' | 'down' | 'stopped') => void;
  readonly handlers: { readonly size: number };
}

/** Opens the queues of a strategy, runs its consumer, and closes both. */
export class Worker {
  private readonly startWatch: StartWatch;
  private readonly stopWaiting = new AbortController();
  private queues: OpenQueues | undefined;
  private consumer: Consumer | undefined;
  private bootstrap: Promise<void> | undefined;
  private unwatch: (() => void) | undefined;
  private isReceiving = false;
  /** Messages that the stop has given up. */
  private givenUp: readonly Delivery[] = [];
  private stopped = false;
  private stopping: Promise<void> | undefined;

  constructor(private readonly parts: WorkerParts) {
    this.startWatch = new StartWatch(parts.logger);
    this.startWatch.expect(
      'the strategy has not been started for 5 s, so it receives nothing yet. If the application does not just start ' +
        'slowly, await app.listen() after ThriftFactory.createMicroservice, or app.startAllMicroservices() after ' +
        'ThriftFactory.create. Without ThriftFactory pass it to Nest as { strategy }.',
    );
  }

  /** The open queues; undefined before the start. */
  get open(): OpenQueues | undefined {
    return this.queues;
  }

  /** True once a stop is over. */
  get isStopped(): boolean {
    return this.stopped;
  }

  /** Receives nothing before the application has started. */
  receiveAfter(bootstrap: Promise<void>): void {
    this.bootstrap = bootstrap;
  }

  /**
   * Opens the queues and starts to receive. Resolves once the queues are open, or, if
   * `onQueueMissing` is `wait`, after the first attempt.
   *
   * @throws Error the worker is stopped, or cannot open its queues
   */
  start(): Promise<void> {
    this.startWatch.done();
    this.unwatch = signalCounter().watch();
    return this.openAndConsume().catch((error: unknown) => {
      this.unwatch?.();
      throw error;
    });
  }

  /** Drains the consumer and closes the queues. Idempotent; never rejects. */
  stop(): Promise<void> {
    return (this.stopping ??= this.shutDown());
  }

  private async openAndConsume(): Promise<void> {
    const { openers, settings, setStatus } = this.parts;
    this.checkRunning();
    try {
      await this.consume(await openQueues(openers, settings));
      this.checkRunning();
    } catch (error) {
      if (settings.onQueueMissing === 'fail' || !(error instanceof QueueError) || this.stopping) throw error;
      setStatus('down');
      // The retries belong to no caller.
      void inRootContext(() => this.reopen(error));
    }
  }

  private async reopen(error: QueueError): Promise<void> {
    const { openers, settings, logger } = this.parts;
    const signal = this.stopWaiting.signal;
    try {
      const queues = await keepOpening(() => openQueues(openers, settings), error, { ...this.parts, signal });
      if (queues) await this.consume(queues);
    } catch (cause) {
      logger.error(`starting failed: ${messageOf(cause)}`);
    }
  }

  private async consume(queues: OpenQueues): Promise<void> {
    const { queue, deadLetters, poisonPolicy, warnings } = queues;
    if (this.stopping) return void (await Promise.all([queue.close(), deadLetters?.close()]));
    this.queues = queues;
    const { options } = this.parts;
    for (const text of [...warnings, ...receiveWarnings(queue, options.pollersExpected)]) this.say(text, 'warn');
    this.consumer = new Consumer({ ...this.parts, queue, poisonPolicy });
    this.parts.setStatus('up');
    if (this.bootstrap) void this.receiveLater(this.consumer, this.bootstrap);
    else this.receive(this.consumer);
  }

  private async receiveLater(consumer: Consumer, bootstrap: Promise<void>): Promise<void> {
    this.startWatch.expect(
      'the strategy listens, but receives nothing yet: the application has not finished its start for 5 s. ' +
        'If it does not just start slowly, await app.init() or app.listen() after app.startAllMicroservices().',
    );
    await bootstrap;
    this.startWatch.done();
    if (!this.stopping) this.receive(consumer);
  }

  private receive(consumer: Consumer): void {
    const { handlers, options } = this.parts;
    consumer.start();
    this.isReceiving = true;
    const count = handlers.size === 1 ? '1 handler' : `${handlers.size} handlers`;
    this.say(`receiving from ${this.place}, with ${count} and concurrency ${options.concurrency}`);
  }

  /** Writes a line to the log. A log that fails affects nothing. */
  private say(text: string, level: 'log' | 'warn' = 'log'): void {
    try {
      this.parts.logger[level](text);
    } catch {
      // The log has no place for its own failure.
    }
  }

  /** Names the queue, and where it is if its carrier says so. */
  private get place(): string {
    const { queue } = this.queues!;
    return queue.location ?? queue.name;
  }

  /** @throws Error the worker is stopped */
  checkRunning(): void {
    if (this.stopping) throw new Error('the strategy is closed; create a new strategy to listen again');
  }

  private async shutDown(): Promise<void> {
    const { logger, setStatus } = this.parts;
    this.startWatch.done();
    // An opening in progress may take seconds. It closes what it has opened.
    this.stopWaiting.abort();
    try {
      await stopping({ ...this.parts, waitsFor: () => this.waitsFor() }, (hurry) => this.drain(hurry));
    } catch (error) {
      logger.error(`closing failed: ${messageOf(error)}`);
    }
    this.unwatch?.();
    if (this.isReceiving) this.say(stoppedText(this.place, this.givenUp));
    this.stopped = true;
    setStatus('stopped');
  }

  private async drain(hurry: AbortSignal): Promise<void> {
    const { clock, options } = this.parts;
    const endsAt = clock.now() + options.drainTimeoutMs;
    this.givenUp = (await this.consumer?.stop(hurry)) ?? [];
    const closed = Promise.all([this.queues?.queue.close(), this.queues?.deadLetters?.close()]);
    closed.catch(() => undefined);
    const done = new AbortController();
    const ends = AbortSignal.any([hurry, done.signal]);
    // A carrier may have work left, such as bodies in S3 to delete.
    const late = sleep(clock, Math.max(CLOSE_MS, endsAt - clock.now()), ends);
    await Promise.race([closed, late]).finally(() => done.abort());
  }

  /** Describes what a stop waits for. */
  private waitsFor(): string | undefined {
    const { consumer, queues, parts } = this;
    if (!consumer || !queues) return undefined;
    const { receiving, inHand } = consumer.work;
    const { waitTimeSeconds, drainTimeoutMs } = parts.options;
    const { name, limits } = queues.queue;
    const seconds = Math.min(waitTimeSeconds, limits.waitSeconds ?? waitTimeSeconds);
    const awaited = [
      ...(receiving ? [`an open receive from ${name} (up to ${seconds} s)`] : []),
      ...(inHand.length > 0 ? [`${inHandText(inHand)} of ${name} (up to ${drainTimeoutMs / 1000} s)`] : []),
    ];
    return awaited.length > 0 ? awaited.join(' and ') : undefined;
  }
}

/** Formats the line about the end of a stop. */
function stoppedText(place: string, givenUp: readonly Delivery[]): string {
  if (givenUp.length === 0) return `stopped receiving from ${place}: no message is left in hand`;
  return `stopped receiving from ${place}: gave up ${inHandText(givenUp)}`;
}

/** Counts the messages in hand, and names the methods of some of them. */
function inHandText(inHand: readonly Delivery[]): string {
  const methods = new Set(inHand.flatMap(({ calls }) => calls.map(({ method }) => method)));
  const named = [...methods].slice(0, MOST_METHODS).map(messageOf).join(', ');
  const count = inHand.length === 1 ? '1 message' : `${inHand.length} messages`;
  return named === '' ? `${count} in hand` : `${count} in hand (${named})`;
}
