import type { EventSink } from '../diagnostics/event-sink.js';
import { RequestFollower } from '../diagnostics/request-follower.js';
import type { BatcherSettings, BatchRequests, RequestListener } from '../queue/batch-requests.js';
import { Batcher } from '../queue/batcher.js';
import type { Clock } from '../queue/clock.js';
import { type LearnedLimit, LearnedSize } from '../queue/learned-size.js';
import type { QueueError } from '../queue/queue-error.js';
import type { MessageSender, SendResult } from '../queue/queue.js';
import { withinBudget } from './attribute-budget.js';
import { CallPacker, type Shipper } from './call-packer.js';
import { type CallResult, quiet } from './call-result.js';
import {
  isPackable,
  type OutgoingMessage,
  type PendingCall,
  SingleCallMessage,
  type Wrapping,
} from './outgoing-message.js';
import { type ResolvedPublishOptions, RETRY_MAX_MS } from './publish-options.js';
import { refusedSize } from './refused-size.js';
import { messageBytes, type WireMessage } from '../queue/wire-message.js';
import { bodyTrace, joined } from './trace-context.js';
import { checkMessage } from './wire-check.js';

/** Learns the results of calls. */
export interface CallListener {
  /** Takes the final result of a call. Must not throw. */
  ended(call: PendingCall, result: CallResult): void;
}

export interface ConnectionParts {
  readonly sender: MessageSender;
  readonly clock: Clock;
  readonly options: ResolvedPublishOptions;
  readonly wrapping: Wrapping;
  readonly listener: CallListener;
  /** Learns if the queue answers. */
  readonly monitor: RequestListener;
  readonly report: EventSink;
}

/** Sends calls through an open sender. Gathers calls into bodies, and messages into requests. */
export class Connection implements Shipper {
  private readonly batcher: Batcher<OutgoingMessage, SendResult>;
  private readonly packer: CallPacker | undefined;
  private readonly bodySize = new LearnedSize(Infinity);

  constructor(private readonly parts: ConnectionParts) {
    const { sender, options } = parts;
    const learned = (limit: LearnedLimit): void => this.reportLearned('request', limit);
    this.batcher = new Batcher(new SendRequests(sender, new RequestFollower(parts)), {
      ...batcherSettings(parts),
      learned,
    });
    const pack = packOf(parts);
    if (!pack) return;
    const { bodySize: size } = this;
    const reportLeftOut = (method: string, names: readonly string[]): void => this.reportLeftOut(method, names);
    this.packer = new CallPacker({ ...parts, shipper: this, pack, size, eventIds: options.eventIds, reportLeftOut });
  }

  get sender(): MessageSender {
    return this.parts.sender;
  }

  /**
   * Sends a call, alone or in a body that it shares. Resolves with the message id once the queue
   * has stored the call.
   *
   * @throws PublishError the queue would refuse the call; nothing was sent
   */
  send(call: PendingCall): Promise<string> {
    return this.packer && isPackable(call) ? this.packer.add(call) : this.sendAlone(call);
  }

  ship(outgoing: OutgoingMessage): Promise<string> {
    return quiet(this.batcher.add(outgoing).then((result) => this.shipped(outgoing, result)));
  }

  /** Sends lingering messages at once. */
  flush(): void {
    void this.batcher.idle();
  }

  /** Fails all calls that no open request carries, and closes the sender. */
  async close(error: QueueError): Promise<void> {
    this.batcher.abort(error);
    await this.sender.close();
  }

  private sendAlone(call: PendingCall): Promise<string> {
    const { sender, wrapping, options } = this.parts;
    const { method, content, beside: own } = call;
    const { eventIds } = options;
    const body = content.type === 'body' ? content.body : wrapping.toBody(content.bytes);
    const bodyBytes = (): number => messageBytes({ body });
    // A call that could share a body has no context of its own yet.
    const trace = call.trace?.shares ? bodyTrace([call], sender, Date.now()) : call.trace;
    const tracing = call.trace?.shares ? joined(call.tracing, trace?.attributes) : call.tracing;
    const { beside, leftOut } = withinBudget({ beside: own, eventIds, tracing, bodyBytes }, sender);
    const { attributes, groupId, deduplicationId, delaySeconds } = beside;
    // Not a spread: V8 copies a frozen object slowly, and each call pays for it.
    const message: WireMessage = {
      body,
      attributes,
      groupId,
      deduplicationId,
      delaySeconds,
      traceHeader: trace?.header,
    };
    const bytes = checkMessage(message, sender, method);
    this.reportLeftOut(method, leftOut);
    return this.ship(new SingleCallMessage(call, message, bytes, trace));
  }

  private reportLearned(of: 'request' | 'body', limit: LearnedLimit | undefined): void {
    const { report, sender } = this.parts;
    if (limit) report({ type: 'size-limit-learned', queue: sender.name, of, ...limit });
  }

  private reportLeftOut(method: string, names: readonly string[]): void {
    const { report, sender } = this.parts;
    if (names.length > 0) report({ type: 'attributes-left-out', queue: sender.name, method, names });
  }

  /** Ends the calls of a message. Returns the message id or throws the error. */
  private shipped(outgoing: OutgoingMessage, result: SendResult): string | Promise<string> {
    outgoing.close();
    this.endTrace(outgoing, result);
    if (!result.ok && result.error.kind === 'too-large') return this.refused(outgoing, result.error);
    if (result.ok && this.bodySize.isLearning) this.reportLearned('body', this.bodySize.accept(outgoing.bytes));
    return this.end(outgoing, result);
  }

  /** Ends the trace of a body. That of a call ends with the call. */
  private endTrace({ trace, pendingCalls }: OutgoingMessage, result: SendResult): void {
    if (trace !== pendingCalls[0]?.trace) trace?.end(this.sender, result);
  }

  /** Sends a body that is too large as several. Fails a message with a single call. */
  private refused(outgoing: OutgoingMessage, error: QueueError): string | Promise<string> {
    if (outgoing.pendingCalls.length === 1) {
      return this.end(outgoing, { ok: false, error: refusedSize(outgoing, error, this.batcher.requestSize) });
    }
    this.bodySize.refuse(outgoing.bytes);
    const sent = outgoing.split(this.bodySize.maxBytes).map((part) => this.ship(part));
    // Its calls have lingered already.
    this.flush();
    return firstId(sent);
  }

  private end(outgoing: OutgoingMessage, result: SendResult): string {
    const { listener } = this.parts;
    for (const call of outgoing.pendingCalls) {
      // Events of a call run in the context of its emit.
      if (call.scope) call.scope.runInAsyncScope(() => listener.ended(call, result));
      else listener.ended(call, result);
    }
    if (result.ok) return result.id;
    throw result.error;
  }
}

/**
 * Resolves with the first of several message ids. Rejects if any message was not stored, once all
 * messages have ended.
 */
async function firstId(sent: readonly Promise<string>[]): Promise<string> {
  await Promise.allSettled(sent);
  return (await Promise.all(sent))[0]!;
}

/** Sends batches of outgoing messages. */
class SendRequests implements BatchRequests<OutgoingMessage, SendResult> {
  constructor(
    private readonly sender: MessageSender,
    private readonly requests: RequestFollower,
  ) {}

  run(batch: readonly OutgoingMessage[]): Promise<readonly SendResult[]> {
    const { sender: queue } = this;
    const messages = batch.map((outgoing) => outgoing.seal());
    const bytes = batch.reduce((sum, outgoing) => sum + outgoing.bytes, 0);
    const calls = batch.map((outgoing) => outgoing.trace);
    return this.requests.run({ verb: 'send', queue, entries: batch.length, bytes, calls }, () => queue.send(messages));
  }

  sizeOf({ bytes }: OutgoingMessage): number {
    return bytes;
  }

  grownAt({ grownAt }: OutgoingMessage): number | undefined {
    return grownAt;
  }

  /** Keeps the order of message groups where the sender has an order. */
  keyOf({ groupId }: OutgoingMessage): string | undefined {
    return this.sender.features.ordered ? groupId : undefined;
  }
}

/** Returns the option `pack`, which has no effect where order and deduplication apply to messages. */
function packOf({ sender, options }: ConnectionParts): ResolvedPublishOptions['pack'] {
  return sender.features.ordered ? undefined : options.pack;
}

function batcherSettings(parts: ConnectionParts): BatcherSettings {
  const { sender, clock, options } = parts;
  const { lingerMs } = packOf(parts) ?? options;
  return {
    queue: sender.name,
    clock,
    maxEntries: sender.limits.batchEntries,
    maxBytes: sender.limits.batchBytes,
    oneOfKey: options.strictOrder,
    maxInFlight: options.maxInFlight,
    lingerMs: () => lingerMs,
    maxAttempts: options.maxAttempts,
    deliveryTimeoutMs: options.deliveryTimeoutMs,
    retryBaseMs: options.retryBaseMs,
    retryMaxMs: RETRY_MAX_MS,
    listener: parts.monitor,
  };
}
