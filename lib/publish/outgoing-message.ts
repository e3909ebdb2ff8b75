import type { AsyncResource } from 'node:async_hooks';
import { EVENT_ID_ATTRIBUTE } from '../event/event-id.js';
import type { TraceAttributes } from '../common/open-telemetry.js';
import type { CallTrace } from '../diagnostics/tracer.js';
import type { WireBody, WireMessage } from '../queue/wire-message.js';

/**
 * Options sent beside the arguments of a call. The contract supplies omitted options.
 *
 * @publicApi
 */
export type SendOptions = Pick<WireMessage, 'attributes' | 'groupId' | 'deduplicationId' | 'delaySeconds'>;

/** Content of a call: a whole body, or the bytes of a call that may share a body with others. */
export type CallContent =
  | { readonly type: 'body'; readonly body: WireBody }
  /** `cost`: elements that count against the limit of the body. */
  | { readonly type: 'call'; readonly bytes: Buffer; readonly cost: number };

/** A call that waits in a send buffer. */
export interface PendingCall {
  /** Name of the method, for errors and events. */
  readonly method: string;
  readonly beside: SendOptions;
  readonly content: CallContent;
  /** Attributes of tracing, which are left out if the queue takes no more. */
  readonly tracing?: TraceAttributes | undefined;
  /** Trace of the call, if a tracer follows it. */
  readonly trace?: CallTrace | undefined;
  /** Async context of the emit. Set if the call may share a body, whose context is that of no call. */
  readonly scope?: AsyncResource | undefined;
}

/** A call that may share a body. */
export type PackableCall = PendingCall & { readonly content: { readonly type: 'call' } };

/** True for a call that may share a body. An event id names one call, and in a shared body it would name all. */
export function isPackable(call: PendingCall): call is PackableCall {
  return call.content.type === 'call' && !hasEventId(call.beside);
}

/** Turns the bytes of calls into a body. */
export interface Wrapping {
  /** Limits of a body, so that a reader with the same limits reads it. */
  readonly limits: { readonly elements: number; readonly calls: number };
  toBody(calls: Buffer): WireBody;
  /** Counts the bytes of the body that `callBytes` bytes of calls need. */
  bodyBytes(callBytes: number): number;
}

/** A message on its way to the queue, with one pending call or several. */
export interface OutgoingMessage {
  readonly groupId: string | undefined;
  /** Bytes of the message in a request, as of now. */
  readonly bytes: number;
  readonly pendingCalls: readonly PendingCall[];
  /** Time of the last added call. Undefined for a message that takes one call only. */
  readonly grownAt: number | undefined;
  /** Returns the message, which is the same at every attempt. The message takes no more calls. */
  seal(): WireMessage;
  /**
   * Divides a message that the queue refused as too large into messages of at most `maxBytes`, or of
   * one call each. Returns the message itself if it has only one call.
   */
  split(maxBytes: number): readonly OutgoingMessage[];
  /** Trace of the message, if a tracer follows it. */
  readonly trace: CallTrace | undefined;
  /** Ends the message, sealed or not. The message takes no more calls. */
  close(): void;
}

/** Carries one pending call in a message of its own. */
export class SingleCallMessage implements OutgoingMessage {
  readonly pendingCalls: readonly PendingCall[];
  readonly grownAt = undefined;

  constructor(
    pendingCall: PendingCall,
    private readonly message: WireMessage,
    readonly bytes: number,
    readonly trace: CallTrace | undefined,
  ) {
    this.pendingCalls = [pendingCall];
  }

  get groupId(): string | undefined {
    return this.message.groupId;
  }

  seal(): WireMessage {
    return this.message;
  }

  split(): readonly [this] {
    return [this];
  }

  close(): void {
    // Takes no other calls anyway.
  }
}

/** True if the caller has given the call an event id. */
export function hasEventId({ attributes }: SendOptions): boolean {
  return attributes !== undefined && EVENT_ID_ATTRIBUTE in attributes;
}
