import { type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';
import type { BaseThriftServer } from './server/base-thrift-server.js';
import { SQS_THRIFT } from './transport-id.js';

/** A hook of Nest 12 around each handler. */
type Hook = Parameters<Server['setOnProcessingStartHook']>[0];
type EndHook = Parameters<Server['setOnProcessingEndHook']>[0];

/**
 * Several strategies as the one strategy of a microservice. Nest binds the handlers once for each of
 * them, as if it were the only one, so that transport ids hold.
 */
export class CombinedStrategy extends Server implements CustomTransportStrategy {
  private binding: BaseThriftServer | undefined;
  override transportId: symbol = SQS_THRIFT;

  constructor(private readonly strategies: readonly BaseThriftServer[]) {
    super();
  }

  /** Lets `bind` add handlers to one strategy. */
  bindTo(strategy: BaseThriftServer, bind: () => void): void {
    this.binding = strategy;
    this.transportId = strategy.transportId;
    try {
      bind();
    } finally {
      this.binding = undefined;
    }
  }

  /** Adds a handler to the strategy that is being bound. Nest's own start binds none. */
  override addHandler(
    pattern: unknown,
    callback: MessageHandler,
    isEventHandler?: boolean,
    extras?: Record<string, unknown>,
  ): void {
    this.binding?.addHandler(pattern, callback, isEventHandler, extras);
  }

  override listen(callback: (error?: unknown) => void): void {
    const started = this.strategies.map(
      (strategy) =>
        new Promise<void>((resolve, reject) => {
          strategy.listen((error) => (error === undefined ? resolve() : reject(error)));
        }),
    );
    Promise.all(started).then(() => callback(), callback);
  }

  override async close(): Promise<void> {
    await Promise.all(this.strategies.map((strategy) => strategy.close()));
  }

  override setOnProcessingStartHook(hook: Hook): void {
    for (const strategy of this.strategies) strategy.setOnProcessingStartHook(hook);
  }

  override setOnProcessingEndHook(hook: EndHook): void {
    for (const strategy of this.strategies) strategy.setOnProcessingEndHook(hook);
  }

  /** Does nothing: listeners belong to the single strategies. */
  override on(): void {}

  override unwrap<T>(): T {
    return this.strategies as T;
  }
}
