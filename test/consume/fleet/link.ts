import { type Clock, sleep } from '#lib/queue/clock.js';
import type {
  Discard,
  EntryResult,
  LeaseExtension,
  MessageReceiver,
  ReceiveOptions,
  Release,
} from '#lib/queue/queue.js';
import type { ReceivedMessage } from '#lib/queue/wire-message.js';

/** Times of one request in ms: until the queue has it, and until the worker has the answer. */
interface Delay {
  readonly there: number;
  readonly back: number;
}

export type LinkVerb = 'receive' | 'acknowledge' | 'discard' | 'release' | 'extend';

/** Decides how long the requests of a worker take. */
export type Delays = (verb: LinkVerb, at: number) => Delay;

/**
 * Stands between a worker and a queue, as a network does. A received message bears the time at which
 * the worker reads it, since no worker knows when the queue handed it out.
 */
export class Link implements MessageReceiver {
  readonly name: string;
  readonly features: MessageReceiver['features'];
  readonly limits: MessageReceiver['limits'];
  readonly redrive?: NonNullable<MessageReceiver['redrive']>;

  constructor(
    private readonly queue: MessageReceiver,
    private readonly clock: Clock,
    private readonly delays: Delays,
  ) {
    this.name = queue.name;
    // As on SQS: an aborted receive may have hidden messages.
    this.features = { ...queue.features, abortableReceive: false };
    this.limits = queue.limits;
    if (queue.redrive !== undefined) this.redrive = queue.redrive;
  }

  async receive(options: ReceiveOptions): Promise<readonly ReceivedMessage[]> {
    const { signal: _ofWorker, ...request } = options;
    const messages = await this.ask('receive', () => this.queue.receive(request));
    const receivedAt = this.clock.now();
    return messages.map((message) => ({ ...message, receivedAt }));
  }

  acknowledge(messages: readonly ReceivedMessage[]): Promise<readonly EntryResult[]> {
    return this.ask('acknowledge', () => this.queue.acknowledge(messages));
  }

  discard(discards: readonly Discard[]): Promise<readonly EntryResult[]> {
    return this.ask('discard', () => this.queue.discard(discards));
  }

  release(releases: readonly Release[]): Promise<readonly EntryResult[]> {
    return this.ask('release', () => this.queue.release(releases));
  }

  extend(extensions: readonly LeaseExtension[]): Promise<readonly EntryResult[]> {
    return this.ask('extend', () => this.queue.extend(extensions));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private async ask<T>(verb: LinkVerb, request: () => Promise<T>): Promise<T> {
    const { there, back } = this.delays(verb, this.clock.now());
    await sleep(this.clock, there);
    const answer = await request();
    await sleep(this.clock, back);
    return answer;
  }
}
