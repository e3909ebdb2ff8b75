import { Logger } from '@nestjs/common';
import { BaseThriftServer, type BaseThriftServerOptions } from 'nestjs-sqs-thrift';
import type { Queue } from 'nestjs-sqs-thrift/port';
import { createMemoryQueue, type MemoryQueue } from 'nestjs-sqs-thrift/testing';
import { createEventCodec } from '#lib/event/event-codec.js';
import { sleep } from '#lib/queue/clock.js';
import type { QueueErrorKind } from '#lib/queue/queue-error.js';
import { VirtualClock } from '#lib/testing/virtual-clock.js';
import { failure } from '../../consume/harness.js';
import { Jobs } from '../../nest/harness.js';

Logger.overrideLogger(false);

const codec = createEventCodec([Jobs]);

/** A worker on a queue in memory with faults by script, in virtual time. Nest is not part of it. */
export class ScriptedWorker extends BaseThriftServer {
  readonly queue: MemoryQueue;
  /** Fails each receive and each opening. */
  trouble: QueueErrorKind | undefined;
  /** Time in ms that each handler takes. */
  handlerMs = 0;
  readonly statuses: string[] = [];
  handled = 0;
  /** Ends the long polls that are open when a trouble begins. */
  private cut = new AbortController();

  constructor(
    readonly time = new VirtualClock(0),
    options: Partial<BaseThriftServerOptions> = {},
  ) {
    super({ service: Jobs, concurrency: 10, ...options }, time);
    this.queue = createMemoryQueue({ clock: time });
    const receive = this.queue.receive.bind(this.queue);
    Object.assign(this.queue, { features: { ...this.queue.features, abortableReceive: false } });
    this.queue.receive = async (given) => {
      const signal = AbortSignal.any([this.cut.signal, ...(given.signal ? [given.signal] : [])]);
      if (this.trouble === undefined) {
        const messages = await receive({ ...given, signal }).catch(() => []);
        if (this.trouble === undefined) return messages;
      }
      await sleep(time, 10);
      throw failure(this.trouble);
    };
    this.addHandler('run', () => this.handle(), true);
    this.status.subscribe((status) => this.statuses.push(status));
  }

  begin(trouble: QueueErrorKind): void {
    this.trouble = trouble;
    this.cut.abort();
    this.cut = new AbortController();
  }

  /** Starts the worker. Rejects if the queue does not open. */
  async begun(): Promise<void> {
    const started = new Promise<void>((resolve, reject) => {
      this.listen((error) => (error === undefined ? resolve() : reject(error as Error)));
    });
    await Promise.all([started, this.time.advance(100)]);
  }

  async store(count: number): Promise<void> {
    const body = codec.encode({ method: 'run', args: { job: { id: 1 } } }).toString('base64');
    for (let i = 0; i < count; i += 1) await this.queue.send([{ body }]);
  }

  async stopped(): Promise<void> {
    const closed = this.close();
    await this.time.advance(90_000);
    await closed;
  }

  protected override async openQueue(): Promise<Queue> {
    if (this.trouble) throw failure(this.trouble);
    return this.queue;
  }

  protected override openDeadLetterQueue(): Promise<Queue> {
    return Promise.reject(new Error('there is none'));
  }

  private async handle(): Promise<void> {
    if (this.handlerMs > 0) await sleep(this.time, this.handlerMs);
    this.handled += 1;
  }
}
