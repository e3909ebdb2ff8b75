import type { Type } from '@nestjs/common';
import type { BaseThriftClient, BaseThriftServer, BaseThriftServerOptions, ThriftService } from 'nestjs-sqs-thrift';
import type { QueueFeatures, WireBody } from 'nestjs-sqs-thrift/port';

/** Options that a strategy of every carrier takes. */
export interface StrategyOptions extends Pick<
  BaseThriftServerOptions,
  'service' | 'retry' | 'concurrency' | 'drainTimeoutMs' | 'transportId' | 'onUnhandledMethod'
> {
  /** True to copy rejected messages to the dead-letter queue. Otherwise they are dropped. */
  readonly deadLetters?: boolean;
}

/** A queue of a carrier, or what stands for it: an address, for a carrier that stores nothing. */
export interface CarrierQueue {
  /** Creates a strategy that receives from the queue. */
  server(options: StrategyOptions): BaseThriftServer;
  /** Returns the options of a client that sends to the queue, also while no strategy listens. */
  clientOptions(service: ThriftService): Record<string, unknown>;
  /** Returns the bodies of the dead-letter queue. */
  deadLetters(): Promise<readonly WireBody[]>;
  /** Counts the messages that the carrier stores, wherever they are. */
  left(): Promise<number>;
}

/** Servers of a carrier, started once for all tests. */
export interface StartedCarrier {
  /** Opens an empty queue. */
  open(): Promise<CarrierQueue>;
  stop(): Promise<void>;
}

/** A carrier as an application sees it. Only `Client` and the strategy differ between two of them. */
export interface TestCarrier {
  readonly name: string;
  /** Features of the receiving end, which the suite compares with those of a strategy that listens. */
  readonly features: QueueFeatures;
  /** True if the sender of a call that no worker can handle learns so at once. The poison policy then has nothing to do. */
  readonly answersPoison?: true;
  readonly Client: Type<BaseThriftClient>;
  start(): Promise<StartedCarrier>;
}

/** True if a message that a stopped worker did not handle stays in the carrier. */
export function keepsMessages({ leases, persistent }: QueueFeatures): boolean {
  return leases || persistent;
}
