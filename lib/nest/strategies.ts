import type { OnModuleDestroy } from '@nestjs/common';
import type { ServerThriftQueue } from './server/server-thrift-queue.js';

/** The strategies of one application, which drain side by side. */
export class Strategies implements OnModuleDestroy {
  /** @throws TypeError there is none, or two cannot be told apart */
  constructor(private readonly all: readonly ServerThriftQueue[]) {
    if (all.length === 0) throw new TypeError('SqsThriftModule needs the options of at least one strategy');
    for (const [at, { transportId }] of all.entries()) {
      if (all.findIndex((other) => other.transportId === transportId) === at) continue;
      throw new TypeError(
        `two strategies have the transport id ${String(transportId)}; give each a symbol of its own as option transportId`,
      );
    }
  }

  /** The only one. @throws Error there are several */
  sole(): ServerThriftQueue {
    const [sole, ...others] = this.all;
    if (others.length === 0) return sole!;
    throw new Error(
      `there are ${this.all.length} strategies, so SqsThriftModule.microservice is none of them; ` +
        `connect each with SqsThriftModule.microserviceOf(transportId): ${this.listed()}`,
    );
  }

  /** @throws Error there is none with this transport id */
  of(transportId: symbol): ServerThriftQueue {
    const found = this.all.find((one) => one.transportId === transportId);
    if (found) return found;
    throw new Error(`no strategy has the transport id ${String(transportId)}; there are ${this.listed()}`);
  }

  /** Nest destroys the root module first, and awaits this: only then what handlers use is destroyed. */
  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.all.map((one) => one.close()));
  }

  private listed(): string {
    return this.all.map(({ transportId }) => String(transportId)).join(', ');
  }
}
