import type {
  EntryResult,
  MessageReceiver,
  MessageSender,
  QueueFeatures,
  ReceiveOptions,
  SendResult,
} from '../../queue/queue.js';
import type { ReceivedMessage, WireBody, WireMessage } from '../../queue/wire-message.js';
import { type CarrierTime, leaseSeconds } from './carrier-time.js';
import type { CarrierEnds } from './carrier-under-test.js';
import { expectEqual, expectThat, failed, kindsOf } from './expectations.js';
import { background, refusalOf, type Sending } from './sending.js';

/** Longest wait of one receive. */
const WAIT_SECONDS = 20;

/** Pause between two receives of a carrier that cannot wait for messages. */
const PAUSE_MS = 50;

/** Configures how a check takes messages. */
export interface TakeOptions extends Partial<ReceiveOptions> {
  /** The send whose messages are taken. Its failure ends the wait. */
  readonly sending?: Sending;
  /** Number of receives that run at the same time. Default 1. */
  readonly receivers?: number;
  /** Completes the sentence "Expected …" if the messages do not arrive. */
  readonly expectation?: string;
}

/**
 * Holds the ends that a check opened, with the steps that checks share. A check starts a send,
 * takes the messages and settles them, and awaits the send last. So it also serves carriers whose
 * `send` resolves only when the receiver has settled its messages.
 */
export class OpenEnds {
  readonly sender: MessageSender;
  readonly receiver: MessageReceiver;

  /** @param closing aborts when the ends close, with all ends that were derived from them */
  constructor(
    readonly ends: CarrierEnds,
    readonly features: QueueFeatures,
    readonly time: CarrierTime,
    private readonly closing = new AbortController(),
  ) {
    this.sender = ends.sender;
    this.receiver = ends.receiver;
  }

  /** Returns the same steps for another end, such as the receiver of dead letters. */
  with(other: Partial<CarrierEnds>): OpenEnds {
    return new OpenEnds({ ...this.ends, ...other }, this.features, this.time, this.closing);
  }

  /** Returns a text as a body of the carrier. */
  body(text: string): WireBody {
    return this.features.body === 'text' ? text : new TextEncoder().encode(text);
  }

  /** Returns plain messages with a number in each body. */
  numbered(count: number): WireMessage[] {
    return Array.from({ length: count }, (_, at) => ({ body: this.body(`message ${at}`) }));
  }

  /** Sends without waiting for the answer, in as many calls as the limits require. */
  start(messages: readonly WireMessage[]): Sending {
    const calls = this.batches(messages).map((batch) => this.sender.send(batch));
    return background(Promise.all(calls).then((results) => results.flat()));
  }

  /** Sends as {@link OpenEnds.start} does, each call after the answer to the call before. */
  startInOrder(messages: readonly WireMessage[]): Sending {
    const send = async (): Sending => {
      const results: SendResult[] = [];
      for (const batch of this.batches(messages)) results.push(...(await this.sender.send(batch)));
      return results;
    };
    return background(send());
  }

  /** Sends, and awaits that all messages are stored. Returns their ids. */
  store(messages: readonly WireMessage[]): Promise<string[]> {
    return this.accepted(this.start(messages));
  }

  /** Awaits a send and asserts that every message was accepted. Returns the ids. */
  async accepted(sending: Sending): Promise<string[]> {
    const results = await this.time.within(sending, {
      seconds: 1,
      expectation: 'the sender to answer a send whose messages are stored, or were acknowledged',
    });
    return results.map((result) => {
      if (result.ok) return result.id;
      throw failed(`the sender to accept a valid message. It answered: ${result.error.message}`);
    });
  }

  /** Receives once, and asserts that no more messages arrive than asked for. */
  async receive(options: Partial<ReceiveOptions> = {}): Promise<readonly ReceivedMessage[]> {
    const request = {
      max: this.most,
      waitSeconds: 0,
      visibilityTimeoutSeconds: leaseSeconds(this.receiver),
      ...options,
    };
    const received = await this.receiver.receive(request);
    expectThat(
      received.length <= request.max,
      `a receive with max ${request.max} to return at most ${request.max} messages, not ${received.length}`,
    );
    return received;
  }

  /** Receives what is there now. Rejects if the receiver does not answer. */
  receiveNow(options: Partial<ReceiveOptions> = {}): Promise<readonly ReceivedMessage[]> {
    const expectation = 'a receive with waitSeconds 0 to answer at once';
    return this.time.within(this.receive({ ...options, waitSeconds: 0 }), { expectation });
  }

  /** Receives until `count` messages are here. */
  async take(count: number, options: TakeOptions = {}): Promise<ReceivedMessage[]> {
    const { sending, receivers = 1, expectation = handOut(count), ...request } = options;
    const taken: ReceivedMessage[] = [];
    const over = new AbortController();
    const collect = (): Promise<void> => this.collect(count, taken, request, over.signal);
    const everything = Promise.all(Array.from({ length: receivers }, collect));
    const arrival = background(sending === undefined ? everything : Promise.race([everything, refusalOf(sending)]));
    try {
      await this.time.within(arrival, {
        seconds: WAIT_SECONDS,
        expectation: () => `${expectation}. Received so far: ${taken.length}`,
      });
      return taken;
    } finally {
      over.abort();
    }
  }

  /** Receives exactly one message. */
  async takeOne(options: TakeOptions = {}): Promise<ReceivedMessage> {
    const [message] = await this.take(1, options);
    return message!;
  }

  /** Sends messages, receives them and leaves them unsettled. */
  async hold(
    messages: readonly WireMessage[],
    options: Partial<ReceiveOptions> = {},
  ): Promise<{ readonly sending: Sending; readonly received: readonly ReceivedMessage[] }> {
    const sending = this.start(messages);
    return { sending, received: await this.take(messages.length, { ...options, sending }) };
  }

  /** Sends messages, receives and acknowledges them. Returns the messages in order of arrival. */
  async deliver(messages: readonly WireMessage[]): Promise<readonly ReceivedMessage[]> {
    const { sending, received } = await this.hold(messages);
    await this.finish(received, sending);
    return received;
  }

  /** Acknowledges messages, then awaits their sends. */
  async finish(received: readonly ReceivedMessage[], ...sendings: readonly Sending[]): Promise<void> {
    await this.acknowledge(received);
    for (const sending of sendings) await this.accepted(sending);
  }

  /** Acknowledges messages and asserts that every entry succeeds. */
  async acknowledge(messages: readonly ReceivedMessage[]): Promise<void> {
    for (const chunk of chunks(messages, this.receiver.limits.batchEntries)) {
      await this.succeeds('acknowledge', this.receiver.acknowledge(chunk), chunk.length);
    }
  }

  /** Asserts that a verb answers all of its entries with success. */
  async succeeds(verb: string, answer: Promise<readonly EntryResult[]>, entries: number): Promise<void> {
    const expected = Array<true>(entries).fill(true);
    expectEqual(await this.results(verb, answer), expected, `${verb} to answer each of its entries with success`);
  }

  /** Awaits the answer of a verb. Returns a list of `true` and kinds of errors. */
  async results(verb: string, answer: Promise<readonly (EntryResult | SendResult)[]>): Promise<(true | string)[]> {
    return kindsOf(await this.time.within(answer, { seconds: 1, expectation: `${verb} to answer` }));
  }

  /** Asserts that no message arrives within some seconds. */
  async expectNothing(seconds: number, why: string): Promise<void> {
    const { longPolling } = this.features;
    if (!longPolling) await this.time.pass(seconds * 1000);
    const waitSeconds = longPolling ? seconds : 0;
    const received = await this.time.within(this.receive({ waitSeconds }), {
      seconds: seconds + 1,
      expectation: `a receive with waitSeconds ${waitSeconds} to end after that time`,
    });
    expectEqual(
      received.map(({ id }) => id),
      [],
      `no message to arrive: ${why}`,
    );
  }

  /** Closes all ends. */
  async close(): Promise<void> {
    this.closing.abort();
    const { sender, receiver, deadLetters = receiver } = this.ends;
    const closing = Promise.all([...new Set([sender, receiver, deadLetters])].map((end) => end.close()));
    await this.time.within(closing, { seconds: 1, expectation: 'close to resolve' });
  }

  private batches(messages: readonly WireMessage[]): WireMessage[][] {
    return chunks(messages, this.sender.limits.batchEntries);
  }

  /** Largest number of messages of one receive. */
  private get most(): number {
    return Math.min(10, this.receiver.limits.batchEntries);
  }

  /** Receives until the messages are here, the wait is over or the ends close. */
  private async collect(
    count: number,
    taken: ReceivedMessage[],
    options: Partial<ReceiveOptions>,
    over: AbortSignal,
  ): Promise<void> {
    const waitSeconds = this.features.longPolling ? WAIT_SECONDS : 0;
    while (taken.length < count && !over.aborted && !this.closing.signal.aborted) {
      const max = Math.min(options.max ?? this.most, this.most, count - taken.length);
      const received = await this.receive({ waitSeconds, ...options, max });
      taken.push(...received);
      if (received.length === 0) await this.pause();
    }
  }

  /** Pauses after an empty receive. A broken carrier may not wait although it promises to. */
  private pause(): Promise<void> {
    if (!this.features.longPolling) return this.time.pass(PAUSE_MS);
    return new Promise((resolve) => void setImmediate(resolve));
  }
}

function handOut(count: number): string {
  return `the receiver to hand out ${count === 1 ? 'the message' : `all ${count} messages`}`;
}

function chunks<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, at) => list.slice(at * size, (at + 1) * size));
}
