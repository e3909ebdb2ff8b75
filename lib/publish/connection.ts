import type { EventSink } from '../diagnostics/event-sink.js';
import { Batcher, type BatcherSettings, type BatchRequests, type RequestListener } from '../queue/batcher.js';
import type { Clock } from '../queue/clock.js';
import type { QueueError } from '../queue/queue-error.js';
import type { MessageSender, SendResult } from '../queue/queue.js';
import { withinBudget } from './attribute-budget.js';
import { CallPacker, type Shipper } from './call-packer.js';
import { type CallResult, quiet } from './call-result.js';
import {
  hasEventId,
  type OutgoingMessage,
  type PendingCall,
  SingleCallMessage,
  type Wrapping,
} from './outgoing-message.js';
import { type ResolvedPublishOptions, RETRY_MAX_MS } from './publish-options.js';
import { messageBytes, type WireMessage } from '../queue/wire-message.js';
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

  constructor(private readonly parts: ConnectionParts) {
    const { sender, options } = parts;
    this.batcher = new Batcher(new SendRequests(sender), batcherSettings(parts));
    const pack = packOf(parts);
    if (!pack) return;
    const reportLeftOut = (method: string, names: readonly string[]): void => this.reportLeftOut(method, names);
    this.packer = new CallPacker({ ...parts, shipper: this, pack, eventIds: options.eventIds, reportLeftOut });
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
    const { content, beside } = call;
    // An event id names one call. In a shared body it would name all calls of the body.
    if (content.type === 'call' && this.packer && !hasEventId(beside)) {
      return this.packer.add(call, content.bytes, content.cost);
    }
    return this.sendAlone(call);
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
    const { method, content, beside: own, tracing } = call;
    const { eventIds } = options;
    const body = content.type === 'body' ? content.body : wrapping.toBody(content.bytes);
    const bodyBytes = (): number => messageBytes({ body });
    const { beside, leftOut } = withinBudget({ beside: own, eventIds, tracing, bodyBytes }, sender);
    const { attributes, groupId, deduplicationId, delaySeconds } = beside;
    // Not a spread: V8 copies a frozen object slowly, and each call pays for it.
    const message: WireMessage = { body, attributes, groupId, deduplicationId, delaySeconds };
    const bytes = checkMessage(message, sender, method);
    this.reportLeftOut(method, leftOut);
    return this.ship(new SingleCallMessage(call, message, bytes));
  }

  private reportLeftOut(method: string, names: readonly string[]): void {
    const { report, sender } = this.parts;
    if (names.length > 0) report({ type: 'attributes-left-out', queue: sender.name, method, names });
  }

  /** Ends the calls of a message. Returns the message id or throws the error. */
  private shipped(outgoing: OutgoingMessage, result: SendResult): string {
    outgoing.close();
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

/** Sends batches of outgoing messages. */
class SendRequests implements BatchRequests<OutgoingMessage, SendResult> {
  constructor(private readonly sender: MessageSender) {}

  run(batch: readonly OutgoingMessage[]): Promise<readonly SendResult[]> {
    return this.sender.send(batch.map((outgoing) => outgoing.seal()));
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
