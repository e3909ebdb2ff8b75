import type { Clock } from '../queue/clock.js';
import type { WireMessage } from '../queue/wire-message.js';
import type { OutgoingMessage, PackableCall, SendOptions, Wrapping } from './outgoing-message.js';
import type { CallTrace } from '../diagnostics/tracer.js';
import type { MessageSender } from '../queue/queue.js';
import { bodyTrace, type TraceAttributes, isSameTracing, joined } from './trace-context.js';

/** Fills shared bodies. */
export interface SharedBodyOwner {
  /** Notes that a body takes no more calls. May be called several times. */
  closed(body: SharedBody): void;
}

export interface SharedBodyParts {
  readonly sender: MessageSender;
  readonly owner: SharedBodyOwner;
  /** Key under which the owner keeps the body. */
  readonly key: string;
  /** Send options of all calls of the body. */
  readonly beside: SendOptions;
  /** The same with the tracing of the first call, or as much room for the tracing of the body. */
  readonly traced: SendOptions;
  /** Tracing attributes of the first call. */
  readonly tracing: TraceAttributes | undefined;
  /** Bytes of the send options in a request. */
  readonly besideBytes: number;
  readonly wrapping: Wrapping;
  readonly clock: Clock;
}

/** Carries several calls in one message. Takes calls until a request takes the message. */
export class SharedBody implements OutgoingMessage {
  readonly pendingCalls: PackableCall[] = [];
  private callBytes = 0;
  /** Elements that all calls count together. */
  private cost = 0;
  private message: WireMessage | undefined;
  trace: CallTrace | undefined;
  /** True while all calls were emitted in the same context of tracing. */
  private isTraced = true;
  private readonly begunAt: number;
  private lastAt: number;

  constructor(private readonly parts: SharedBodyParts) {
    this.begunAt = this.lastAt = parts.clock.now();
  }

  get key(): string {
    return this.parts.key;
  }

  get groupId(): string | undefined {
    return this.parts.beside.groupId;
  }

  get grownAt(): number {
    return this.lastAt;
  }

  /** Milliseconds since the body began to take calls. */
  get ageMs(): number {
    return this.parts.clock.now() - this.begunAt;
  }

  get bytes(): number {
    return this.bytesWith(0);
  }

  /** Counts the bytes of the message with another call of `callBytes` bytes. */
  bytesWith(callBytes: number): number {
    return this.parts.besideBytes + this.parts.wrapping.bodyBytes(this.callBytes + callBytes);
  }

  /** True if a reader with the limits of the writer reads the body with another call. */
  isReadableWith(cost: number): boolean {
    const { elements, calls } = this.parts.wrapping.limits;
    return this.cost + cost <= elements && this.pendingCalls.length < calls;
  }

  add(pendingCall: PackableCall): void {
    const { bytes, cost } = pendingCall.content;
    this.cost += cost;
    this.pendingCalls.push(pendingCall);
    this.isTraced &&= isSameTracing(pendingCall.tracing, this.parts.tracing);
    this.callBytes += bytes.length;
    this.lastAt = this.parts.clock.now();
  }

  seal(): WireMessage {
    if (!this.message) {
      this.close();
      const calls = this.pendingCalls.map(({ content }) => content.bytes);
      const body = this.parts.wrapping.toBody(Buffer.concat(calls, this.callBytes));
      const { clock, sender } = this.parts;
      this.trace = bodyTrace(this.pendingCalls, sender, Date.now() - (clock.now() - this.begunAt));
      this.message = { ...this.tracedOptions(), body, ...(this.trace && { traceHeader: this.trace.header }) };
    }
    return this.message;
  }

  /** Returns the send options with the tracing of the body. */
  private tracedOptions(): SendOptions {
    const { traced, beside, tracing } = this.parts;
    // A body of several contexts carries none of them, since a context of another call would be wrong.
    const given = this.isTraced ? tracing : undefined;
    const own = joined(given, this.trace?.attributes);
    if (own === undefined) return beside;
    // The size of the message was counted with the reserved attributes, of which some only keep room.
    const reserved = traced.attributes ?? {};
    const kept = Object.entries(own).filter(([name, value]) => value.length <= (reserved[name]?.length ?? -1));
    return kept.length === 0
      ? beside
      : { ...beside, attributes: { ...beside.attributes, ...Object.fromEntries(kept) } };
  }

  split(maxBytes: number): readonly SharedBody[] {
    if (this.pendingCalls.length < 2) return [this];
    const parts: SharedBody[] = [];
    for (const call of this.pendingCalls) {
      let part = parts.at(-1);
      if (!part || part.bytesWith(call.content.bytes.length) > maxBytes) {
        part = new SharedBody(this.parts);
        parts.push(part);
      }
      part.add(call);
    }
    return parts;
  }

  close(): void {
    this.parts.owner.closed(this);
  }
}
