import 'reflect-metadata';
import { Controller, type INestMicroservice, Module } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import {
  RejectEventException,
  RetryEventException,
  ServerSqsThrift,
  type ServerSqsThriftOptions,
  ThriftFactory,
} from '#lib/index.js';

/** Handles calls by what their argument asks for. */
@Controller()
class JobsController {
  private readonly failed = new Set<string>();

  @EventPattern<string>('run')
  run(@Payload() { id }: { id: string }): void {
    if (id.startsWith('reject')) throw new RejectEventException('not wanted');
    if (id.startsWith('never')) throw new RetryEventException(0);
    if (!id.startsWith('retry') || this.failed.has(id)) return;
    this.failed.add(id);
    throw new RetryEventException(0);
  }
}

/** Handles the calls of the samples. */
@Controller()
class SamplesController {
  @EventPattern<string>('apply')
  apply(): void {}
}

@Module({ controllers: [JobsController, SamplesController] })
class JobsModule {}

/** Longer than any flow takes. */
const LATE_MS = 15_000;

function late(): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, LATE_MS).unref());
}

/** A worker that counts the ends of its deliveries. */
export interface FlowWorker {
  readonly app: INestMicroservice;
  /** Ends of deliveries so far, by outcome. */
  readonly outcomes: string[];
  /** Resolves after so many ends. */
  until(count: number): Promise<readonly string[]>;
}

export async function startFlowWorker(options: ServerSqsThriftOptions): Promise<FlowWorker> {
  const server = new ServerSqsThrift(options);
  const outcomes: string[] = [];
  const waiting: (() => void)[] = [];
  server.on('settled', ({ outcome }) => {
    outcomes.push(outcome);
    for (const wake of waiting.splice(0)) wake();
  });
  const app = await ThriftFactory.createMicroservice(JobsModule, server, { logger: false });
  await app.listen();
  return {
    app,
    outcomes,
    async until(count) {
      while (outcomes.length < count) {
        const ended = await Promise.race([new Promise<true>((resolve) => waiting.push(() => resolve(true))), late()]);
        if (ended !== true) throw new Error(`after ${LATE_MS} ms the deliveries have ended as ${outcomes.join(', ')}`);
      }
      return [...outcomes].sort();
    },
  };
}
