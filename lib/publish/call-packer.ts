import type { Clock } from '../queue/clock.js';
import type { LearnedSize } from '../queue/learned-size.js';
import type { MessageSender } from '../queue/queue.js';
import { withinBudget } from './attribute-budget.js';
import type { OutgoingMessage, PackableCall, PendingCall, SendOptions, Wrapping } from './outgoing-message.js';
import type { ResolvedPublishOptions } from './publish-options.js';
import { SharedBody, type SharedBodyOwner } from './shared-body.js';
import { joined } from './trace-context.js';
import { checkMessage, tooLarge } from './wire-check.js';

/** Sends outgoing messages. */
export interface Shipper {
  /**
   * Takes over a message, which may grow until it is sealed. Resolves with the message id once the
   * queue has stored the message. Reports the end of each call.
   */
  ship(outgoing: OutgoingMessage): Promise<string>;
}

export interface CallPackerParts {
  readonly sender: MessageSender;
  readonly shipper: Shipper;
  readonly clock: Clock;
  readonly wrapping: Wrapping;
  readonly pack: NonNullable<ResolvedPublishOptions['pack']>;
  /** States what the queue has shown about the size of a body. */
  readonly size: Pick<LearnedSize, 'maxBytes'>;
  readonly eventIds: boolean;
  /** Takes the names of attributes that a message did not get. */
  readonly reportLeftOut: (method: string, names: readonly string[]) => void;
}

/**
 * Time in ms for which a body takes calls beyond its lingering. Bodies fill up during an outage,
 * and the time is short compared with any useful `deliveryTimeoutMs`.
 */
const GROWS_MS = 500;

interface OpenBody {
  readonly body: SharedBody;
  /** Resolves with the message id, for all calls of the body. */
  readonly stored: Promise<string>;
}

/**
 * Packs calls with equal attributes, group and delay into one body, until a request takes the body.
 * A single call goes out as soon as without packing, so packing adds no latency.
 */
export class CallPacker implements SharedBodyOwner {
  private readonly open = new Map<string, OpenBody>();

  constructor(private readonly parts: CallPackerParts) {}

  /**
   * Resolves with the message id when the queue has stored the body of the call. All calls of a
   * body share one promise.
   *
   * @throws PublishError the queue would refuse the call; nothing was packed
   */
  add(pendingCall: PackableCall): Promise<string> {
    const { bytes: call, cost } = pendingCall.content;
    const key = keyOf(pendingCall.beside);
    let open = this.open.get(key);
    if (!open || !open.body.isReadableWith(cost) || !this.hasRoom(open.body, call)) {
      open = this.begin(key, pendingCall, call);
      this.open.set(key, open);
    }
    open.body.add(pendingCall);
    return open.stored;
  }

  closed(body: SharedBody): void {
    if (this.open.get(body.key)?.body === body) this.open.delete(body.key);
  }

  /** True if a body may take another call. All its calls are given up as late as the last call. */
  private hasRoom(body: SharedBody, call: Buffer): boolean {
    const { sender, pack, size } = this.parts;
    const maxBytes = Math.min(pack.maxBytes, sender.limits.messageBytes, size.maxBytes);
    return body.ageMs <= pack.lingerMs + GROWS_MS && body.bytesWith(call.length) <= maxBytes;
  }

  /** Ships a new body for a call, after a check of the call. */
  private begin(key: string, { method, beside: own, tracing, trace }: PendingCall, call: Buffer): OpenBody {
    const { sender, shipper, wrapping, clock, eventIds } = this.parts;
    const reserved = joined(tracing, trace?.attributes);
    const bodyBytes = wrapping.bodyBytes(call.length);
    const { beside } = withinBudget({ beside: own, eventIds, tracing: undefined, bodyBytes: () => bodyBytes }, sender);
    const { beside: traced, leftOut } = withinBudget(
      { beside, eventIds, tracing: reserved, bodyBytes: () => bodyBytes },
      sender,
    );
    const besideBytes = checkMessage({ ...traced, body: '' }, sender, method);
    const bytes = besideBytes + bodyBytes;
    if (bytes > sender.limits.messageBytes) throw tooLarge(method, bytes, sender);
    this.parts.reportLeftOut(method, leftOut);
    const body = new SharedBody({ owner: this, sender, key, beside, traced, tracing, besideBytes, wrapping, clock });
    return { body, stored: shipper.ship(body) };
  }
}

/** Returns a key that is equal for calls with equal send options. */
function keyOf({ attributes, groupId, deduplicationId, delaySeconds }: SendOptions): string {
  if (!attributes && groupId === undefined && deduplicationId === undefined && delaySeconds === undefined) return '';
  const sorted = Object.entries(attributes ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([sorted, groupId, deduplicationId, delaySeconds]);
}
