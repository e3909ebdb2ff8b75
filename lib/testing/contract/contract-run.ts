import type { QueueFeatures } from '../../queue/queue.js';
import { CarrierTime } from './carrier-time.js';
import type { CarrierPromises, CarrierUnderTest, ContractOpenOptions } from './carrier-under-test.js';
import { type ErrorLike, expectRejection, expectThat } from './expectations.js';
import { OpenEnds } from './open-ends.js';

/** Holds checks by their titles. */
export type CheckTable = Readonly<Record<string, (run: ContractRun) => Promise<void>>>;

/** Opens queues for one check, and closes them after the check. */
export class ContractRun {
  readonly time: CarrierTime;
  private readonly opened: OpenEnds[] = [];

  constructor(
    readonly promises: CarrierPromises,
    private readonly carrier: CarrierUnderTest,
  ) {
    this.time = new CarrierTime(carrier);
  }

  /** True if messages are stored between sender and receiver. */
  get stores(): boolean {
    return this.promises.stores !== false;
  }

  /** Opens a new queue. */
  async open(options: ContractOpenOptions = {}): Promise<OpenEnds> {
    const { features, fifo = features } = this.promises;
    return this.track(await this.carrier.open(options), options.fifo ? fifo : features);
  }

  /** Opens an ordered queue: a FIFO queue, if the carrier has such queues beside others. */
  openOrdered(): Promise<OpenEnds> {
    return this.open(this.promises.fifo === undefined ? {} : { fifo: true });
  }

  /** Opens the queue of closed ends again. */
  async reopen({ ends, features }: OpenEnds): Promise<OpenEnds> {
    const reopened = await this.carrier.reopen?.(ends);
    expectThat(reopened !== undefined, 'a carrier that promises "reopens" to have the function "reopen"');
    return this.track(reopened!, features);
  }

  /** Asserts that a call rejects, and soon. */
  rejects(call: () => Promise<unknown>, like: ErrorLike, expectation: string): Promise<void> {
    return expectRejection(
      () => this.time.within(call(), { seconds: 1, expectation: `${expectation}. The call did not end` }),
      like,
      expectation,
    );
  }

  /** Closes all ends that the check opened. */
  async close(): Promise<void> {
    for (const ends of this.opened) await ends.close();
  }

  private track(ends: OpenEnds['ends'], features: QueueFeatures): OpenEnds {
    const opened = new OpenEnds(ends, features, this.time);
    this.opened.push(opened);
    return opened;
  }
}
