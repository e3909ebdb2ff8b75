import { EVENT_ID_ATTRIBUTE } from '../event/event-id.js';
import type { Clock } from '../queue/clock.js';
import type { MessageSender } from '../queue/queue.js';
import type { WireBody, WireMessage } from '../queue/wire-message.js';
import { type PendingCall, type OutgoingMessage, type SendOptions, singleCallMessage } from './outgoing-message.js';
import { checkMessage, tooLarge } from './wire-check.js';

/** How the bytes of calls become a body. */
export interface Wrapping {
  readonly toBody: (calls: Buffer) => WireBody;
  /** Bytes of the body of so many bytes of calls. */
  readonly bodyBytes: (callBytes: number) => number;
}

/** What a {@link CallPacker} is made of. */
export interface CallPackerParts extends Wrapping {
  readonly sender: MessageSender;
  readonly clock: Clock;
  /** Milliseconds for which a body takes calls. All of them are given up as late as the last one. */
  readonly growsMs: number;
  /** Bytes of a body, beyond which no further call is added to it. */
  readonly maxBytes: number;
  /** What travels beside a body, with the id of its event. */
  readonly identified: (beside: SendOptions) => SendOptions;
  /** Takes a body as soon as it is begun; it grows until it is sealed or closed. Resolves with the message id. */
  readonly ship: (outgoing: OutgoingMessage) => Promise<string>;
}

/**
 * Puts calls into bodies that they share: those of the same attributes, group and delay, while their body waits for a request, but for
 * those that say which event they are. A lone call goes out as soon as it would by itself, so packing adds no latency of its own.
 */
export class CallPacker {
  private readonly open = new Map<string, SharedBody>();

  constructor(private readonly parts: CallPackerParts) {}

  /**
   * Resolves with the message id when the body that the call is in is stored: one promise for all its calls.
   *
   * @throws PublishError the call would not be accepted; nothing was packed
   */
  add(pendingCall: PendingCall, call: Buffer): Promise<string> {
    const { sender, maxBytes, growsMs, bodyBytes, ship, identified } = this.parts;
    const { method, beside } = pendingCall;
    if (beside.attributes && EVENT_ID_ATTRIBUTE in beside.attributes) return this.alone(pendingCall, call);
    const key = keyOf(beside);
    const waiting = this.open.get(key);
    const most = Math.min(maxBytes, sender.limits.messageBytes);
    if (waiting && waiting.age <= growsMs && waiting.bytesWith(call.length) <= most)
      return waiting.add(pendingCall, call);
    // What stands beside the body is checked once for all calls that share it.
    const common = identified(beside);
    const besideBytes = waiting?.besideBytes ?? checkMessage({ ...common, body: '' }, sender, method);
    const alone = besideBytes + bodyBytes(call.length);
    if (alone > sender.limits.messageBytes) throw tooLarge(method, alone, sender);
    const body = new SharedBody({ ...this.parts, beside: common, besideBytes, closed: () => this.forget(key, body) });
    this.open.set(key, body);
    body.stored = ship(body);
    return body.add(pendingCall, call);
  }

  /** A call that says which event it is: with others in its body it would be that event and a position, which it is not by itself. */
  private alone(pendingCall: PendingCall, call: Buffer): Promise<string> {
    const { sender, toBody, ship } = this.parts;
    const message = { ...pendingCall.beside, body: toBody(call) };
    return ship(singleCallMessage(pendingCall, message, checkMessage(message, sender, pendingCall.method)));
  }

  private forget(key: string, body: SharedBody): void {
    if (this.open.get(key) === body) this.open.delete(key);
  }
}

/** Calls share a body when everything beside it is the same for them. */
function keyOf({ attributes, groupId, deduplicationId, delaySeconds }: SendOptions): string {
  if (!attributes && groupId === undefined && deduplicationId === undefined && delaySeconds === undefined) return '';
  const sorted = Object.entries(attributes ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([sorted, groupId, deduplicationId, delaySeconds]);
}

/** What a {@link SharedBody} is made of. */
export interface SharedBodyParts extends Wrapping {
  /** What travels beside the body, for all its calls. */
  readonly beside: SendOptions;
  readonly besideBytes: number;
  readonly clock: Clock;
  /** Called when nothing is to be packed into it any more, and perhaps again. */
  readonly closed: () => void;
}

/** A body that calls share. It grows until a request takes it. */
export class SharedBody implements OutgoingMessage {
  /** Resolves with the message id, for all its calls. */
  stored!: Promise<string>;
  readonly pendingCalls: PendingCall[] = [];
  private calls: Buffer[] = [];
  private callBytes = 0;
  private message: WireMessage | undefined;
  private readonly begunAt: number;
  private lastAt: number;

  constructor(private readonly parts: SharedBodyParts) {
    this.begunAt = this.lastAt = parts.clock.now();
  }

  get groupId(): string | undefined {
    return this.parts.beside.groupId;
  }

  get grownAt(): number {
    return this.lastAt;
  }

  /** How long it has been taking calls, in ms. */
  get age(): number {
    return this.parts.clock.now() - this.begunAt;
  }

  get besideBytes(): number {
    return this.parts.besideBytes;
  }

  get bytes(): number {
    return this.bytesWith(0);
  }

  /** What it would count for with a call of so many bytes more. */
  bytesWith(callBytes: number): number {
    return this.besideBytes + this.parts.bodyBytes(this.callBytes + callBytes);
  }

  add(pendingCall: PendingCall, call: Buffer): Promise<string> {
    this.pendingCalls.push(pendingCall);
    this.calls.push(call);
    this.callBytes += call.length;
    this.lastAt = this.parts.clock.now();
    return this.stored;
  }

  seal(): WireMessage {
    if (!this.message) {
      this.close();
      const body = this.parts.toBody(Buffer.concat(this.calls, this.callBytes));
      this.calls = [];
      this.message = { ...this.parts.beside, body };
    }
    return this.message;
  }

  close(): void {
    this.parts.closed();
  }
}
