import { randomUUID } from 'node:crypto';
import type { ReceivedMessage } from '../../queue/wire-message.js';
import type { TakenItem } from './item-source.js';

/** An item in hand, with what the protocol does not know: an id and a number of deliveries. */
export class HeldItem implements TakenItem {
  readonly body: Buffer;
  readonly connection: TakenItem['connection'];
  private readonly id = randomUUID();
  private readonly endWatch: (() => void) | undefined;

  /**
   * @param receiveCount number of deliveries, the first one included
   * @param onLost called when the connection of the item ends, so that the server has put it back
   */
  constructor(
    { body, connection }: TakenItem,
    public receiveCount: number,
    onLost: (item: HeldItem) => void,
  ) {
    this.body = body;
    this.connection = connection;
    this.endWatch = connection?.onClose(() => onLost(this));
  }

  /** True if the server has put the item back. */
  get isLost(): boolean {
    return this.connection?.isClosed === true;
  }

  /** Identifies the delivery. */
  get receipt(): string {
    return `${this.id}/${this.receiveCount}`;
  }

  /** Ends the watch of the connection. Another item may use it. */
  leave(): void {
    this.endWatch?.();
  }

  toMessage(receivedAt: number): ReceivedMessage {
    return {
      id: this.id,
      body: this.body,
      attributes: Object.create(null) as Record<string, string>,
      receiveCount: this.receiveCount,
      receivedAt,
      receipt: this.receipt,
      raw: undefined,
    };
  }
}
