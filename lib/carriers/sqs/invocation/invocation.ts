import { sharedController } from '../../../queue/shared-signal.js';
import type { ReceivedMessage } from '../../../queue/wire-message.js';

/** A message, and the id by which the answer of the function names it. */
export interface InvocationMessage {
  readonly id: string;
  readonly message: ReceivedMessage;
}

/**
 * The messages of one invocation, and what has become of each. A message waits until it is taken, and
 * is open until its handling has ended. Only a message that was noted as handled leaves the queue, so
 * whatever else becomes of a message keeps it.
 *
 * A message is known by the object that Lambda handed over: records may share an id or a receipt, also
 * with those of another invocation.
 */
export class Invocation {
  /** Messages that no handler has seen, in order. */
  private waiting: readonly ReceivedMessage[];
  /** Ids of the messages without a result. */
  private readonly open: Map<unknown, string>;
  private readonly ids: readonly string[];
  private readonly handled = new Set<string>();
  /** Groups of a FIFO queue in which a message has failed. */
  private readonly failedGroups = new Set<string | undefined>();
  private readonly closing = sharedController();
  private end!: () => void;
  /** Resolves once every message has a result. */
  readonly ended = new Promise<void>((resolve) => (this.end = resolve));

  /** @param signal aborts when nothing may start any more */
  constructor(
    messages: readonly InvocationMessage[],
    private readonly isOrdered: boolean,
    readonly signal: AbortSignal,
  ) {
    this.waiting = messages.map(({ message }) => message);
    this.ids = messages.map(({ id }) => id);
    this.open = new Map(messages.map(({ message, id }) => [message.raw, id]));
    this.endIfDone();
  }

  /** Counts the messages. */
  get size(): number {
    return this.ids.length;
  }

  /** Aborts once the invocation is closed. */
  get closed(): AbortSignal {
    return this.closing.signal;
  }

  /** Takes up to `max` messages to handle them now. */
  take(max: number): readonly ReceivedMessage[] {
    const taken = this.waiting.slice(0, max);
    this.waiting = this.waiting.slice(max);
    return taken;
  }

  takeWaiting(): readonly ReceivedMessage[] {
    return this.take(this.waiting.length);
  }

  isBehindFailure({ groupId }: ReceivedMessage): boolean {
    return this.failedGroups.has(groupId);
  }

  note({ raw, groupId }: ReceivedMessage, isHandled: boolean): readonly ReceivedMessage[] {
    const id = this.open.get(raw);
    if (id === undefined) return [];
    this.open.delete(raw);
    if (isHandled) this.handled.add(id);
    const behind = isHandled ? [] : this.stopGroup(groupId);
    this.endIfDone();
    return behind;
  }

  /** Leaves every message without a result in the queue. Later results change nothing. */
  close(): void {
    this.open.clear();
    this.waiting = [];
    this.closing.abort();
    this.endIfDone();
  }

  /** Ids of the messages that stay in the queue, in the order of the event. */
  get failures(): readonly string[] {
    return this.ids.filter((id) => !this.handled.has(id));
  }

  /** Takes the messages that wait in a group, and lets none of it start any more. */
  private stopGroup(groupId: string | undefined): readonly ReceivedMessage[] {
    if (!this.isOrdered) return [];
    this.failedGroups.add(groupId);
    const behind = this.waiting.filter((message) => message.groupId === groupId);
    this.waiting = this.waiting.filter((message) => message.groupId !== groupId);
    return behind;
  }

  private endIfDone(): void {
    if (this.open.size === 0) this.end();
  }
}
