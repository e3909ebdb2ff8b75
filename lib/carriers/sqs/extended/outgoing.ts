import { createHash } from 'node:crypto';
import { messageBytes, type WireMessage } from '../../../queue/wire-message.js';
import { QueueError } from '../../../queue/queue-error.js';
import type { MessageSender } from '../../../queue/queue.js';
import type { ResolvedLargePayloads } from './large-payload-options.js';
import type { PayloadStore } from './payload-store.js';
import { newPointer, type Pointer, RESERVED_ATTRIBUTES, writePointer } from './pointer.js';

/** Moves large bodies of outgoing messages to S3. */
export class Outgoing {
  /** Example for size estimates. All pointers have the same length. */
  private readonly example: Pointer;
  /** Pointers of messages that are sent again. Their bodies are already stored. */
  private readonly stored = new WeakMap<WireMessage, { readonly pointer: Pointer; readonly message: WireMessage }>();

  constructor(
    private readonly queue: Pick<MessageSender, 'name' | 'features' | 'limits'>,
    private readonly store: PayloadStore,
    private readonly options: ResolvedLargePayloads,
  ) {
    this.example = newPointer(options.bucket, options.prefix);
  }

  /**
   * True if the body of a message goes to S3. The body of a copy goes to S3 only above the queue's
   * limit.
   */
  isLarge(message: WireMessage): boolean {
    const most = this.queue.limits.messageBytes;
    return messageBytes(message) > (message.original === undefined ? Math.min(this.options.threshold, most) : most);
  }

  /** Returns the bytes of the message that goes to SQS. */
  wireBytes(message: WireMessage): number {
    return messageBytes(this.isLarge(message) ? this.pointing(message, this.example) : message);
  }

  /**
   * Stores a large body and returns the message for SQS. Returns the error if the message cannot be
   * sent.
   */
  async prepare(message: WireMessage): Promise<WireMessage | QueueError> {
    const { bucket, prefix, maxBytes } = this.options;
    const { attributes = {} } = message;
    const reserved = RESERVED_ATTRIBUTES.find((name) => Object.hasOwn(attributes, name));
    if (reserved !== undefined)
      return this.refusal(`the attribute ${reserved} marks messages whose body is in S3. Use another name`);
    if (!this.isLarge(message)) return message;
    const known = this.stored.get(message);
    if (known !== undefined) return known.message;
    if (sizeOf(message) > maxBytes) {
      return this.refusal(
        `a body may have ${maxBytes} bytes. Send less, or raise largePayloads.maxBytes on both sides`,
      );
    }
    const pointer = newPointer(bucket, prefix);
    const pointing = { ...this.pointing(message, pointer), ...this.deduplication(message) };
    if (Object.keys(attributes).length >= this.queue.limits.attributes) {
      return this.refusal(
        `a message whose body is in S3 has one attribute of its own, so it takes ${this.queue.limits.attributes - 1} others. Send fewer`,
      );
    }
    if (messageBytes(pointing) > this.queue.limits.messageBytes) {
      return this.refusal(
        `the attributes alone are more than the ${this.queue.limits.messageBytes} bytes of a message. Send less beside the call`,
      );
    }
    try {
      await this.store.put(pointer, String(message.body));
    } catch (error) {
      return QueueError.from(error, this.queue.name);
    }
    this.stored.set(message, { pointer, message: pointing });
    return pointing;
  }

  /** Deletes the stored body of a message that SQS will never accept. */
  async discard(message: WireMessage): Promise<void> {
    const known = this.stored.get(message);
    this.stored.delete(message);
    if (known !== undefined) await this.store.delete(known.pointer);
  }

  private pointing(message: WireMessage, pointer: Pointer): WireMessage {
    const { reservedAttribute } = this.options;
    const { attributes, numbers = [] } = message;
    return {
      ...message,
      body: writePointer(pointer),
      attributes: { ...attributes, [reservedAttribute]: String(sizeOf(message)) },
      numbers: [...numbers, reservedAttribute],
    };
  }

  /**
   * Replaces content-based deduplication with a hash of the original body. Every pointer is unique,
   * so SQS would find no duplicates.
   */
  private deduplication({ body, deduplicationId }: WireMessage): Pick<WireMessage, 'deduplicationId'> {
    if (!this.queue.features.ordered) return {};
    return { deduplicationId: deduplicationId ?? createHash('sha256').update(body).digest('hex') };
  }

  private refusal(rule: string): QueueError {
    return new QueueError(`the queue "${this.queue.name}" keeps large bodies in S3: ${rule}.`, {
      code: 'InvalidMessageContents',
      kind: 'invalid',
      queue: this.queue.name,
    });
  }
}

function sizeOf({ body }: WireMessage): number {
  return typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength;
}
