import type { LoggerService } from '@nestjs/common';
import { type ConsumerControl, type ConsumerParts, idleState } from '../../consume/consumer.js';
import { inRootContext } from '../../common/root-context.js';
import type { Delivery } from '../../consume/delivery.js';
import { messageOf } from '../../diagnostics/error-text.js';
import { liveTransports, type WorkerState } from '../../diagnostics/transport-state.js';
import { QueueError } from '../../queue/queue-error.js';
import { closeQueues } from './close-queues.js';
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
import { NOT_BOOTSTRAPPED, NOT_STARTED, receivingText, stoppedText, waitsForText } from './worker-lines.js';
import { WorkerPause } from './worker-pause.js';
import type { WorkerStatus } from './worker-status.js';

export interface WorkerParts extends Omit<ConsumerParts, 'queue' | 'poisonPolicy'> {
  readonly openers: Openers;
  readonly settings: QueueSettings;
  readonly logger: LoggerService;
  readonly status: WorkerStatus;
  readonly handlers: { readonly size: number };
}

/** Opens the queues of a strategy, runs its consumer, and closes both. */
export class Worker {
  private readonly startWatch: StartWatch;
  private readonly stopWaiting = new AbortController();
  private queues: OpenQueues | undefined;
  private consumer: ConsumerControl | undefined;
  private bootstrap: Promise<void> | undefined;
  private unwatch: (() => void) | undefined;
  private isReceiving = false;
  /** True once the application lets the worker receive. */
  private mayReceive = false;
  private pausing: WorkerPause | undefined;
  /** Messages that the stop has given up. */
  private givenUp: readonly Delivery[] = [];
  private stopping: Promise<void> | undefined;

  constructor(private readonly parts: WorkerParts) {
    this.startWatch = new StartWatch(parts.logger);
    this.startWatch.expect(NOT_STARTED);
  }

  /** The open queues; undefined before the start. */
  get open(): OpenQueues | undefined {
    return this.queues;
  }

  /** The state of this moment. Asks nothing of the queue. */
  get state(): WorkerState {
    const { status, options } = this.parts;
    const work = this.consumer?.state ?? idleState(options.concurrency);
    return { queue: this.queues?.queue.name, status: status.value, ...work, failure: status.failure };
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
    liveTransports().workers.add(this);
    this.pausing?.keepProcess();
    return this.openAndConsume().catch((error: unknown) => {
      this.ended();
      throw error;
    });
  }

  /**
   * Receives nothing until `resume`. Resolves when no receive is open, and with `untilIdle` when no
   * message is in hand. The end of the pause resolves it too. Does nothing during a stop. Never rejects.
   */
  pause(untilIdle: boolean): Promise<void> {
    if (this.stopping) return Promise.resolve();
    const pause = this.pausing ?? this.beginPause();
    return Promise.race([pause.ended, this.quiet(untilIdle)]);
  }

  /** Ends a pause. Does nothing without one, and during a stop. */
  resume(): void {
    if (!this.pausing || this.stopping) return;
    this.endPause();
    this.parts.status.pause(false);
    if (!this.consumer) return;
    if (!this.isReceiving) return this.receiveIfReady(this.consumer);
    this.consumer.resume();
    this.say(`resumed receiving from ${this.place}`);
  }

  /** Drains the consumer and closes the queues. Idempotent; never rejects. */
  stop(): Promise<void> {
    return (this.stopping ??= this.shutDown());
  }

  private beginPause(): WorkerPause {
    const pause = (this.pausing = new WorkerPause());
    this.parts.status.pause(true);
    if (this.queues) this.notePause(pause);
    return pause;
  }

  private endPause(): void {
    this.pausing?.end();
    this.pausing = undefined;
  }

  private async quiet(untilIdle: boolean): Promise<void> {
    if (!this.consumer || !this.isReceiving) return;
    await this.consumer.pause();
    if (untilIdle) await this.consumer.whenIdle();
  }

  private async openAndConsume(): Promise<void> {
    const { openers, settings, status } = this.parts;
    this.checkRunning();
    try {
      await this.consume(await openQueues(openers, settings));
      this.checkRunning();
    } catch (error) {
      if (settings.onQueueMissing === 'fail' || !(error instanceof QueueError) || this.stopping) throw error;
      status.missing();
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
    this.consumer = this.parts.openers.createConsumer({ ...this.parts, queue, poisonPolicy });
    this.parts.status.opened();
    if (this.pausing) this.notePause(this.pausing);
    void this.receiveAfterBootstrap(this.consumer);
  }

  private async receiveAfterBootstrap(consumer: ConsumerControl): Promise<void> {
    if (this.bootstrap) await this.bootstrapped(this.bootstrap);
    this.mayReceive = true;
    this.receiveIfReady(consumer);
  }

  private async bootstrapped(bootstrap: Promise<void>): Promise<void> {
    this.startWatch.expect(NOT_BOOTSTRAPPED);
    await bootstrap;
    this.startWatch.done();
  }

  /** Begins to receive, unless the application, a pause or a stop forbids it. */
  private receiveIfReady(consumer: ConsumerControl): void {
    if (!this.mayReceive || this.pausing || this.stopping) return;
    const { handlers, options } = this.parts;
    consumer.start();
    this.isReceiving = true;
    this.say(receivingText(this.place, handlers.size, options.concurrency));
  }

  /** Keeps the process alive during a pause, now that the queue is open. */
  private notePause(pause: WorkerPause): void {
    pause.keepProcess();
    this.say(`paused: receives nothing from ${this.place} until resume()`);
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
    const { logger, status } = this.parts;
    this.startWatch.done();
    status.stopping();
    // An opening in progress may take seconds. It closes what it has opened.
    this.stopWaiting.abort();
    try {
      await stopping({ ...this.parts, waitsFor: () => this.waitsFor() }, (hurry) => this.drain(hurry));
    } catch (error) {
      logger.error(`closing failed: ${messageOf(error)}`);
    }
    if (this.isReceiving) this.say(stoppedText(this.place, this.givenUp));
    status.stopped();
    this.ended();
  }

  /** Ends what lives as long as a started worker. */
  private ended(): void {
    this.unwatch?.();
    liveTransports().workers.delete(this);
    this.endPause();
  }

  /** Describes what a stop waits for. */
  private waitsFor(): string | undefined {
    const { consumer, queues, parts } = this;
    return consumer && queues && waitsForText(consumer.work, queues.queue, parts.options);
  }

  private async drain(hurry: AbortSignal): Promise<void> {
    const { clock, options } = this.parts;
    const endsAt = clock.now() + options.drainTimeoutMs;
    this.givenUp = (await this.consumer?.stop(hurry)) ?? [];
    await closeQueues(this.queues, clock, endsAt, hurry);
  }
}
