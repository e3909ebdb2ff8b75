import type { EventSink } from '../diagnostics/event-sink.js';
import type { EventCodec } from '../event/event-codec.js';
import type { OnewayCall } from '../event/contract.js';
import type { Route } from '../event/routing.js';
import type { Clock } from '../queue/clock.js';
import type { QueueFeatures, MessageSender } from '../queue/queue.js';
import { type CallResult, SendBuffer, quiet } from './send-buffer.js';
import type { Wrapping } from './call-packer.js';
import type { PendingCall, SendOptions } from './outgoing-message.js';
import type { ResolvedPublishOptions } from './publish-options.js';

/** What a {@link Publisher} is made of. */
export interface PublisherParts {
  /** Opens a queue that the contract names, or the one that calls go to for which it names none. Asked again when it failed. */
  readonly open: (queue: string | undefined) => Promise<MessageSender>;
  /** What the bodies of the queues are: calls are encoded before any is open. */
  readonly body: QueueFeatures['body'];
  readonly codec: EventCodec;
  readonly clock: Clock;
  readonly report: EventSink;
  readonly options: ResolvedPublishOptions;
}

/** Queues by the names that the contract gives them; `undefined` for calls without one. */
export type Ports = ReadonlyMap<string | undefined, MessageSender>;

/**
 * The emitting engine: calls in, one outcome each out. Each queue has a send buffer of its own, so that no call waits behind a slower
 * queue than its own; the bounds of the buffer are for each of them.
 */
export class Publisher {
  private readonly sendBuffers: ReadonlyMap<string | undefined, SendBuffer>;
  private closing: Promise<void> | undefined;

  constructor(private readonly parts: PublisherParts) {
    const { codec, body, options } = parts;
    const wrapping: Wrapping = {
      toBody: (calls) => codec.toBody(calls, body),
      bodyBytes: (callBytes) => codec.bodyBytes(callBytes, body),
    };
    const sendBufferFor = (name: string | undefined): SendBuffer => {
      const sendBuffer: SendBuffer = new SendBuffer({
        open: () => parts.open(name),
        clock: parts.clock,
        options,
        wrapping,
        ended: (method, result) => this.ended(sendBuffer.name, method, result),
      });
      return sendBuffer;
    };
    this.sendBuffers = new Map([...codec.contract.queues()].map((name) => [name, sendBufferFor(name)]));
  }

  /** Opens all queues that are not open yet. Rejects as opening does, or when the publisher is closed. */
  async connect(): Promise<Ports> {
    const entries = [...this.sendBuffers].map(
      async ([name, sendBuffer]) => [name, await sendBuffer.connect()] as const,
    );
    return new Map(await Promise.all(entries));
  }

  /** Sends what waits within the flush timeout, rejects the rest, closes the queues, and takes no more. */
  close(): Promise<void> {
    return (this.closing ??= Promise.all([...this.sendBuffers.values()].map((sendBuffer) => sendBuffer.close())).then(
      () => undefined,
    ));
  }

  /**
   * Resolves with the message id once the queue has stored the call. The call is encoded at once, so its arguments may change afterwards.
   * What `beside` leaves out comes from the contract.
   *
   * The promise may be left alone: a rejection that nobody looks at is an event, not the end of the process.
   *
   * Rejects with ContractError, ThriftCodecError or PublishError before anything is sent, with QueueError when the queue did not store it.
   */
  publish(call: OnewayCall, beside: SendOptions = NOTHING): Promise<string> {
    const { codec, body, options } = this.parts;
    const { method, args } = call;
    let pendingCall: PendingCall;
    let sendBuffer: SendBuffer;
    try {
      const target = codec.method(method, call.service);
      const content = options.pack ? { call: target.encode(args) } : target.encodeBody(args, body);
      sendBuffer = this.sendBuffers.get(target.route.queue)!;
      pendingCall = { method, beside: withRoute(beside, target.route, args), content };
    } catch (error) {
      this.ended('the queue', method, { ok: false, error: error as Error });
      return quiet(Promise.reject(error));
    }
    return sendBuffer.post(pendingCall);
  }

  private ended(queue: string, method: string, result: CallResult): void {
    const { report } = this.parts;
    if (result.ok) report({ type: 'stored', queue, method, messageId: result.id });
    else report({ type: 'emit-failed', queue, method, error: result.error });
  }
}

const NOTHING: SendOptions = Object.freeze({});

/** The send options of a call: what the caller says, and the contract where the caller says nothing. */
function withRoute(options: SendOptions, route: Route, args: OnewayCall['args']): SendOptions {
  if (options === NOTHING && !decidesAnything(route)) return NOTHING;
  return givenOptions({
    attributes: options.attributes,
    groupId: options.groupId ?? route.groupId?.(args),
    deduplicationId: options.deduplicationId ?? route.deduplicationId?.(args),
    delaySeconds: options.delaySeconds ?? route.delaySeconds,
  });
}

function decidesAnything({ groupId, deduplicationId, delaySeconds }: Route): boolean {
  return groupId !== undefined || deduplicationId !== undefined || delaySeconds !== undefined;
}

type MaybeGiven<T> = { readonly [Key in keyof T]: T[Key] | undefined };

/** Leaves out what is undefined. */
function givenOptions({
  attributes,
  groupId,
  deduplicationId,
  delaySeconds,
}: MaybeGiven<Required<SendOptions>>): SendOptions {
  return {
    // A copy: the caller may use the same object for the next call before this one is sent.
    ...(attributes && { attributes: { ...attributes } }),
    ...(groupId !== undefined && { groupId }),
    ...(deduplicationId !== undefined && { deduplicationId }),
    ...(delaySeconds !== undefined && { delaySeconds }),
  };
}
