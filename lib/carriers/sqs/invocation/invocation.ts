import type { ReceivedMessage } from '../../../queue/wire-message.js';

/**
 * The messages of one invocation, and what has become of each. A message waits until it is taken,
 * and is open until its handling has ended. On a FIFO queue a failure ends the messages of its group
 * that wait.
 */
export class Invocation {
  /** Messages that no handler has seen, in order. */
  private waiting: readonly ReceivedMessage[];
  /** Ids of the messages without a result, by receipt. */
  private readonly open: Map<string, string>;
  private readonly ids: readonly string[];
  private readonly failed = new Set<string>();
  private end!: () => void;
  /** Resolves once every message has a result. */
  readonly ended = new Promise<void>((resolve) => (this.end = resolve));

  constructor(
    messages: readonly ReceivedMessage[],
    private readonly isOrdered: boolean,
  ) {
    this.waiting = messages;
    this.ids = messages.map(({ id }) => id);
    this.open = new Map(messages.map(({ receipt, id }) => [receipt, id]));
    this.endIfDone();
  }

  /** Takes up to `max` messages to handle them now. */
  take(max: number): readonly ReceivedMessage[] {
    const taken = this.waiting.slice(0, max);
    this.waiting = this.waiting.slice(max);
    return taken;
  }

  /** True if a message has no result yet. */
  has({ receipt }: ReceivedMessage): boolean {
    return this.open.has(receipt);
  }

  /** Notes the end of a message. Returns the messages behind a failed one, which will not be handled. */
  note({ receipt, groupId }: ReceivedMessage, isHandled: boolean): readonly ReceivedMessage[] {
    const id = this.open.get(receipt);
    if (id === undefined) return [];
    this.open.delete(receipt);
    if (!isHandled) this.failed.add(id);
    const behind = isHandled || !this.isOrdered ? [] : this.waiting.filter((message) => message.groupId === groupId);
    this.fail(behind);
    this.endIfDone();
    return behind;
  }

  /** Fails the messages that wait, and returns them. */
  failWaiting(): readonly ReceivedMessage[] {
    const { waiting } = this;
    this.fail(waiting);
    this.endIfDone();
    return waiting;
  }

  /** Fails every message without a result. Later results change nothing. */
  close(): void {
    for (const id of this.open.values()) this.failed.add(id);
    this.open.clear();
    this.waiting = [];
    this.endIfDone();
  }

  /** Ids of the messages that failed or were not handled, in the order of the event. */
  get failures(): readonly string[] {
    return this.ids.filter((id) => this.failed.has(id));
  }

  private fail(messages: readonly ReceivedMessage[]): void {
    if (messages.length === 0) return;
    const gone = new Set(messages);
    this.waiting = this.waiting.filter((message) => !gone.has(message));
    for (const { receipt, id } of messages) {
      this.open.delete(receipt);
      this.failed.add(id);
    }
  }

  private endIfDone(): void {
    if (this.open.size === 0) this.end();
  }
}
