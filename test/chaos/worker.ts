import { Controller, type INestMicroservice, Logger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type CustomStrategy, EventPattern, Payload } from '@nestjs/microservices';
import { ServerSqsThrift, type ServerSqsThriftOptions } from 'nestjs-sqs-thrift';
import type { SettledEvent } from 'nestjs-sqs-thrift/port';
import { TestLog } from '../nest/harness.js';
import { type ServiceRig, Texts } from './rig.js';

/** A worker on the queue `texts` of a rig, and what it did. */
export class TextWorker {
  /** Texts in the order in which they were handled. */
  readonly handled: string[] = [];
  readonly settled: SettledEvent[] = [];
  /** Counts the settlements that the queue did not carry out. */
  readonly unsettled: unknown[] = [];
  /** Each change of the status. */
  readonly statuses: string[] = [];
  readonly log = new TestLog();
  private readonly waiting = new Set<() => void>();

  private constructor(
    readonly server: ServerSqsThrift,
    private readonly handle: (text: string) => unknown,
  ) {
    server.on('settled', (event) => {
      this.settled.push(event);
      this.wake();
    });
    server.on('settle-failed', (event) => {
      this.unsettled.push(event.error);
      this.wake();
    });
    server.status.subscribe((status) => {
      this.statuses.push(status);
      this.wake();
    });
  }

  /** Starts it. `handle` may fail. */
  static async start(
    rig: Pick<ServiceRig, 'access'>,
    options: Partial<ServerSqsThriftOptions> = {},
    handle: (text: string) => unknown = () => undefined,
  ): Promise<TextWorker & { close(): Promise<void> }> {
    const server = new ServerSqsThrift({
      ...rig.access,
      queue: 'texts',
      service: Texts,
      waitTimeSeconds: 1,
      ...options,
    });
    const worker = new TextWorker(server, handle);
    @Controller()
    class TextsController {
      @EventPattern<string>('text')
      async text(@Payload() { text }: { text: string }): Promise<void> {
        await worker.handle(text);
        worker.handled.push(text);
        worker.wake();
      }
    }
    @Module({ controllers: [TextsController] })
    class TextsModule {}
    Logger.overrideLogger(worker.log);
    const app: INestMicroservice = await NestFactory.createMicroservice<CustomStrategy>(TextsModule, {
      strategy: server,
      logger: false,
    });
    Logger.overrideLogger(worker.log);
    await app.listen();
    return Object.assign(worker, { close: () => app.close() });
  }

  /** Waits until something holds of this worker. */
  async until(holds: (worker: this) => boolean): Promise<void> {
    while (!holds(this)) await new Promise<void>((resolve) => this.waiting.add(resolve));
  }

  private wake(): void {
    for (const wake of this.waiting) wake();
    this.waiting.clear();
  }
}
