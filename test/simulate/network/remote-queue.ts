import { QueueError } from '#lib/queue/queue-error.js';
import type { Discard, EntryResult, LeaseExtension, Queue, ReceiveOptions, Release } from '#lib/queue/queue.js';
import type { ReceivedMessage, WireMessage } from '#lib/queue/wire-message.js';
import { callsOf } from '../model/contract.js';
import type { ModelEnd } from '../model/model-end.js';
import { deliveryOf } from '../model/queue-model.js';
import type { DeliveryRecord, PortRequest } from '../records.js';
import type { SimProcess } from '../sim-process.js';
import type { Link } from './link.js';

type Answer<Result> = readonly (Result | Extract<EntryResult, { ok: false }>)[];

/** A request about entries, for the network and for the records. */
interface EntriesRequest {
  readonly verb: string;
  readonly about: string;
  readonly originals: PortRequest['originals'];
  readonly causes?: NonNullable<PortRequest['causes']>;
  readonly deliveries?: readonly DeliveryRecord[];
  readonly calls?: readonly number[];
}

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
    const { journal } = this.process;
    const about = `of calls ${calls.join(', ')}`;
    const originals = messages.map(({ original }) => original && deliveryOf(journal, original));
    const request = { verb: 'send', calls, about, originals };
    return this.request(messages, request, (entries) => this.end.send(entries));
  }

  async receive(options: ReceiveOptions): Promise<readonly ReceivedMessage[]> {
    const { receives } = this.process.journal;
    try {
      this.checkOpen();
      const messages = this.read(await this.take(options));
      receives.succeeded += 1;
      return messages;
    } catch (error) {
      // A worker that stops cuts its open receives. That is no failure.
      if (options.signal?.aborted) receives.succeeded += 1;
      else receives.failed += 1;
      throw error;
    }
  }

  private take(options: ReceiveOptions): Promise<readonly ReceivedMessage[]> {
    const { max, waitSeconds, signal } = options;
    const { signal: _, ...request } = options;
    // Where an abort hides no message, nothing stands between the worker and the queue.
    if (this.features.abortableReceive) return this.end.receive(options);
    return this.link.request({
      verb: 'receive',
      queue: this.name,
      about: `${max} for ${waitSeconds} s`,
      waitMs: waitSeconds * 1000,
      signal,
      execute: (_fails, controller) => this.end.receive({ ...request, signal: controller.signal }),
    });
  }

  acknowledge(messages: readonly ReceivedMessage[]): Promise<readonly EntryResult[]> {
    const { journal, scheduler } = this.process;
    for (const message of messages) deliveryOf(journal, message)?.acknowledgedAt.push(scheduler.now());
    const entries = messages.map((message) => ({ message }));
    return this.settle('acknowledge', entries, (good) => this.end.acknowledge(good.map(({ message }) => message)));
  }

  discard(discards: readonly Discard[]): Promise<readonly EntryResult[]> {
    return this.settle('discard', discards, (entries) => this.end.discard(entries));
  }

  release(releases: readonly Release[]): Promise<readonly EntryResult[]> {
    return this.settle('release', releases, (entries) => this.end.release(entries));
  }

  extend(extensions: readonly LeaseExtension[]): Promise<readonly EntryResult[]> {
    return this.settle('extend', extensions, (entries) => this.end.extend(entries));
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

  private settle<Entry extends Release | Pick<Release, 'message'>>(
    verb: string,
    entries: readonly Entry[],
    perform: (entries: readonly Entry[]) => Promise<readonly EntryResult[]>,
  ): Promise<readonly EntryResult[]> {
    const { journal } = this.process;
    const originals = entries.map(({ message }) => deliveryOf(journal, message));
    const causes = entries.map((entry) => ('cause' in entry ? entry.cause : undefined));
    const about = `of ${entries.map(({ message }) => message.id).join(', ')}`;
    const deliveries = originals.filter((delivery) => delivery !== undefined);
    return this.request(entries, { verb, deliveries, about, originals, causes }, perform);
  }

  /** Sends a request with entries, some of which may fail by themselves. */
  private async request<Entry, Result extends EntryResult>(
    entries: readonly Entry[],
    { originals, causes, ...request }: EntriesRequest,
    perform: (entries: readonly Entry[]) => Promise<readonly Result[]>,
  ): Promise<Answer<Result>> {
    const { journal, record, scheduler } = this.process;
    const { verb } = request;
    const port: PortRequest = {
      process: record,
      queue: this.name,
      verb,
      originals,
      ...(causes && { causes }),
      executions: [],
    };
    journal.ports.push(port);
    const execute = async (fails: (entry: number) => boolean): Promise<Answer<Result>> => {
      const good = entries.filter((_, at) => !fails(at));
      const results = good.length === 0 ? [] : [...(await perform(good))];
      const answer = entries.map((_, at) => (fails(at) ? this.failed() : results.shift()!));
      port.executions.push(answer);
      return answer;
    };
    try {
      this.checkOpen();
      const results = await this.link.request<Answer<Result>>({ queue: this.name, ...request, execute });
      port.results = results;
      return results;
    } catch (error) {
      port.error = (error as QueueError).code;
      throw error;
    } finally {
      port.endedAt = scheduler.now();
    }
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
