import type { ReceivedMessage } from '../../../queue/wire-message.js';
import { withoutContent } from '../queue/release.js';

/**
 * State of a message. `moving`: it is read and copied. `held`: it stays in the queue and is hidden
 * until the end. `moved`: its copy is stored.
 */
type MessageState = 'moving' | 'held' | 'moved';

/**
 * Tracks the messages of a queue by id. Each received message is in exactly one state. Messages
 * that are still in the queue are kept as they were delivered last, since only the latest receipt
 * is sure to delete or release a message.
 */
export class MessageStates {
  private readonly moving = new Map<string, ReceivedMessage>();
  /** Held messages, without their content. */
  private readonly held = new Map<string, ReceivedMessage>();
  private readonly moved = new Set<string>();
  /** Moved messages whose last deletion failed. */
  private readonly undeleted = new Set<string>();

  /**
   * Notes a delivery. A message without a state is `moving` from now on.
   *
   * @returns the state before the delivery; undefined for a new message
   */
  receive(message: ReceivedMessage): MessageState | undefined {
    const { id } = message;
    if (this.moved.has(id)) return 'moved';
    if (this.held.has(id)) {
      this.held.set(id, withoutContent(message));
      return 'held';
    }
    const state = this.moving.has(id) ? 'moving' : undefined;
    this.moving.set(id, message);
    return state;
  }

  /** Turns a `moving` message into a `held` one. */
  hold(id: string): void {
    this.held.set(id, withoutContent(this.end(id)));
  }

  /**
   * Turns a `moving` message into a `moved` one.
   *
   * @returns the message as it was delivered last
   */
  move(id: string): ReceivedMessage {
    const latest = this.end(id);
    this.moved.add(id);
    return latest;
  }

  /** Notes the result of the deletion of a `moved` message. */
  noteDeletion(id: string, ok: boolean): void {
    if (ok) this.undeleted.delete(id);
    else this.undeleted.add(id);
  }

  /** Number of `moved` messages that are still in the queue. */
  get undeletedCount(): number {
    return this.undeleted.size;
  }

  /** Returns the `held` messages in the order in which they were held. */
  heldMessages(): readonly ReceivedMessage[] {
    return [...this.held.values()];
  }

  private end(id: string): ReceivedMessage {
    const latest = this.moving.get(id);
    if (latest === undefined) throw new Error(`the message ${id} is not being moved; receive it first`);
    this.moving.delete(id);
    return latest;
  }
}
