import { afterAll, beforeAll, describe } from '@jest/globals';
import type { QueueFeatures, Queue } from '#lib/queue/queue.js';
import { attributesContract, delayContract, sendContract } from './send-contract.js';
import { closeContract, receiveContract } from './receive-contract.js';
import { leaseContract } from './lease-contract.js';
import { orderContract } from './order-contract.js';
import { redriveContract } from './redrive-contract.js';

/** What a test asks for when it opens a queue. */
interface OpenOptions {
  /** Ordered by group; only asked of carriers that have it. */
  readonly fifo?: boolean;
  /** With a dead-letter queue; only asked of carriers that have it. */
  readonly maxReceiveCount?: number;
}

/** A fresh, empty queue. */
interface OpenedQueue {
  readonly queue: Queue;
  readonly deadLetterQueue?: Queue;
}

/** One carrier under test. */
export interface Carrier {
  readonly open: (options?: OpenOptions) => Promise<OpenedQueue>;
  /** Lets the carrier's time pass until the promise settles. */
  readonly settle: <T>(promise: Promise<T>) => Promise<T>;
  readonly stop: () => Promise<void>;
}

/** What a carrier promises, and where it is known to fall short. */
export interface Promises {
  /** Of its plain queues. */
  readonly features: QueueFeatures;
  /** Of its ordered queues, if it has any. */
  readonly fifo?: QueueFeatures;
  /** Whether it moves messages that were received too often. */
  readonly redrive: boolean;
  /** Names of checks that are known to fail, each with the reason. They are run and have to fail, so a repair is noticed. */
  readonly deviations?: Readonly<Record<string, string>>;
}

/** What every check of the contract gets. */
export interface ContractContext {
  readonly promises: Promises;
  readonly carrier: () => Carrier;
}

/** The contract of the port {@link Queue}, the same for every carrier, as far as its features go. */
export function queueContract(name: string, promises: Promises, start: () => Promise<Carrier>): void {
  describe(`${name} keeps the contract of a queue`, () => {
    let carrier: Carrier;
    beforeAll(async () => {
      carrier = await start();
    });
    afterAll(() => carrier.stop());
    const context: ContractContext = { promises, carrier: () => carrier };

    describe('sending', () => sendContract(context));
    describe('receiving', () => receiveContract(context));
    if (promises.features.attributes) describe('attributes', () => attributesContract(context));
    if (promises.features.delay) describe('delays', () => delayContract(context));
    if (promises.features.leases) describe('leases', () => leaseContract(context));
    if (promises.fifo?.ordered === true) describe('order', () => orderContract(context));
    if (promises.redrive) describe('redrive', () => redriveContract(context));
    describe('closing', () => closeContract(context));
  });
}
