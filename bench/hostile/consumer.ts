/** Consumes mixed traffic in its own process and times the good messages. */
import 'reflect-metadata';
import { setTimeout as sleep } from 'node:timers/promises';
import { Controller, Module } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { ServerSqsThrift, ThriftFactory } from 'nestjs-sqs-thrift';
import { access } from '../kit/access.js';
import { serve } from '../kit/serve.js';
import { Mixed, SLOW_MS } from './traffic.js';

interface Timed {
  readonly at: bigint;
}

/** Times from sending to the end of the handler, in ms. */
let waits: number[] = [];
let expected = Infinity;
let reachedAll: (() => void) | undefined;

function handled({ at }: Timed): void {
  // The calls of a hostile sender carry no time.
  if (at === 0n) return;
  waits.push(Date.now() - Number(at));
  if (waits.length === expected) reachedAll?.();
}

@Controller()
class MixedController {
  @EventPattern<string>('quick')
  quick(@Payload() call: Timed): void {
    handled(call);
  }

  @EventPattern<string>('slow')
  async slow(@Payload() call: Timed): Promise<void> {
    await sleep(SLOW_MS);
    handled(call);
  }

  @EventPattern<string>('ids')
  ids(): void {}

  @EventPattern<string>('ignored')
  ignored(): void {}
}

@Module({ controllers: [MixedController] })
class MixedModule {}

serve({
  async start({ endpoint, queue }: { readonly endpoint: string; readonly queue: string }) {
    const options = { ...access, endpoint, queue, service: Mixed, poisonPolicy: 'drop' } as const;
    // A worker logs each message that it drops.
    const app = await ThriftFactory.createMicroservice(MixedModule, new ServerSqsThrift(options), { logger: false });
    await app.listen();
  },
  expect(count: number) {
    waits = [];
    expected = count;
  },
  /** Resolves with the waits of the good messages when all of them are handled. */
  async waits(): Promise<readonly number[]> {
    if (waits.length < expected) await new Promise<void>((resolve) => (reachedAll = resolve));
    return waits;
  },
});
