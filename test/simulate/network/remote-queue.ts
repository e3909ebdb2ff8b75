import { QueueError } from '#lib/queue/queue-error.js';
import type { Discard, EntryResult, LeaseExtension, Queue, ReceiveOptions, Release } from '#lib/queue/queue.js';
import type { ReceivedMessage, WireMessage } from '#lib/queue/wire-message.js';
import { callsOf } from '../model/contract.js';
import type { ModelEnd } from '../model/model-end.js';
import { deliveryOf } from '../model/queue-model.js';
import type { DeliveryRecord } from '../records.js';
import type { SimProcess } from '../sim-process.js';
import type { Link } from './link.js';

type Answer<Result> = readonly (Result | Extract<EntryResult, { ok: false }>)[];

/** Reaches a queue of the model over a network, as a carrier does. */
export class RemoteQueue implements Queue {
  readonly name;
  readonly features;
  readonly limits;
  declare readonly redrive?: NonNullable<ModelEnd['redrive']>;
  private closed = false;

  constructor(
    private readonly end: ModelEnd,
    private readonly link: Link,
    private readonly process: SimProcess,
  ) {
    this.name = end.name;
    this.features = end.features;
    this.limits = end.limits;
    if (end.redrive) this.redrive = end.redrive;
  }

  send(messages: readonly WireMessage[]): ReturnType<Queue['send']> {
    const calls = messages.flatMap(({ body }) => callsOf(body) ?? []);
    const about = `of calls ${calls.join(', ')}`;
    return this.request('send', messages, { calls, about }, (entries) => this.end.send(entries));
  }

  async receive(options: ReceiveOptions): Promise<readonly ReceivedMessage[]> {
    this.checkOpen();
    const { max, waitSeconds, signal } = options;
    const { signal: _, ...request } = options;
    // Where an abort hides no message, nothing stands between the worker and the queue.
    if (this.features.abortableReceive) return this.read(await this.end.receive(options));
    const messages = await this.link.request({
      verb: 'receive',
      queue: this.name,
      about: `${max} for ${waitSeconds} s`,
      waitMs: waitSeconds * 1000,
      signal,
      execute: (_fails, aborted) => this.end.receive({ ...request, signal: aborted }),
    });
    return this.read(messages);
  }

  acknowledge(messages: readonly ReceivedMessage[]): Promise<readonly EntryResult[]> {
    const { journal, scheduler } = this.process;
    for (const message of messages) deliveryOf(journal, message)?.acknowledgedAt.push(scheduler.now());
    return this.settle('acknowledge', messages, messages, (entries) => this.end.acknowledge(entries));
  }

  discard(discards: readonly Discard[]): Promise<readonly EntryResult[]> {
    const messages = discards.map(({ message }) => message);
    return this.settle('discard', discards, messages, (entries) => this.end.discard(entries));
  }

  release(releases: readonly Release[]): Promise<readonly EntryResult[]> {
    const messages = releases.map(({ message }) => message);
    return this.settle('release', releases, messages, (entries) => this.end.release(entries));
  }

  extend(extensions: readonly LeaseExtension[]): Promise<readonly EntryResult[]> {
    const messages = extensions.map(({ message }) => message);
    return this.settle('extend', extensions, messages, (entries) => this.end.extend(entries));
  }

  async close(): Promise<void> {
    this.closed = true;
    this.link.close();
  }

  /** Counts the lease from the reading of the answer, as a carrier without better knowledge does. */
  private read(messages: readonly ReceivedMessage[]): ReceivedMessage[] {
    const { journal, scheduler } = this.process;
    const receivedAt = scheduler.now();
    for (const message of messages) {
      const delivery = deliveryOf(journal, message);
      if (delivery) delivery.readAt = receivedAt;
      this.process.note(`reads ${message.id} (receive ${message.receiveCount})`);
    }
    return messages.map((message) => ({ ...message, receivedAt }));
  }

  private settle<Entry>(
    verb: string,
    entries: readonly Entry[],
    messages: readonly ReceivedMessage[],
    perform: (entries: readonly Entry[]) => Promise<readonly EntryResult[]>,
  ): Promise<readonly EntryResult[]> {
    const { journal } = this.process;
    const deliveries = messages.flatMap((message) => deliveryOf(journal, message) ?? []);
    const about = `of ${messages.map(({ id }) => id).join(', ')}`;
    return this.request(verb, entries, { deliveries, about }, perform);
  }

  /** Sends a request with entries, some of which may fail by themselves. */
  private async request<Entry, Result extends EntryResult>(
    verb: string,
    entries: readonly Entry[],
    more: { readonly about: string; readonly deliveries?: DeliveryRecord[]; readonly calls?: readonly number[] },
    perform: (entries: readonly Entry[]) => Promise<readonly Result[]>,
  ): Promise<Answer<Result>> {
    this.checkOpen();
    const execute = async (fails: (entry: number) => boolean): Promise<Answer<Result>> => {
      const good = entries.filter((_, at) => !fails(at));
      const results = good.length === 0 ? [] : [...(await perform(good))];
      return entries.map((_, at) => (fails(at) ? this.failed() : results.shift()!));
    };
    return this.link.request<Answer<Result>>({ verb, queue: this.name, ...more, execute });
  }

  private failed(): Extract<EntryResult, { ok: false }> {
    const text = 'this entry failed. Send it again.';
    return { ok: false, error: new QueueError(text, { code: 'InternalError', kind: 'service', queue: this.name }) };
  }

  private checkOpen(): void {
    if (!this.closed) return;
    throw new QueueError('it is closed. Open another.', { code: 'QueueClosed', kind: 'closed', queue: this.name });
  }
}
