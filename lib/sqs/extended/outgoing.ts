import { messageBytes } from '../../queue/message-size.js';
import { QueueError } from '../../queue/queue-error.js';
import type { QueueLimits } from '../../queue/queue.js';
import type { WireMessage } from '../../queue/wire-message.js';
import type { ResolvedLargePayloads } from './large-payload-options.js';
import type { PayloadStore } from './payload-store.js';
import { newPointer, RESERVED_ATTRIBUTES, writePointer, type Pointer } from './pointer.js';

/** Puts the bodies of messages that are sent where they belong. */
export class Outgoing {
  /** As long as any other. */
  private readonly example: Pointer;
  /** Of messages that are tried again: their bodies are stored already. */
  private readonly stored = new WeakMap<WireMessage, { readonly pointer: Pointer; readonly message: WireMessage }>();

  constructor(
    private readonly queue: string,
    /** Of the queue itself. */
    private readonly limits: QueueLimits,
    private readonly store: PayloadStore,
    private readonly options: ResolvedLargePayloads,
  ) {
    this.example = newPointer(options.bucket, options.prefix);
  }

  /** Whether the body of a message goes to S3. */
  isLarge(message: WireMessage): boolean {
    return messageBytes(message) > Math.min(this.options.threshold, this.limits.messageBytes);
  }

  /** The bytes of the message that goes to SQS. */
  wireBytes(message: WireMessage): number {
    return messageBytes(this.isLarge(message) ? this.pointing(message, this.example) : message);
  }

  /** The message that goes to SQS, its body stored; or why it cannot. */
  async prepare(message: WireMessage): Promise<WireMessage | QueueError> {
    const { bucket, prefix } = this.options;
    const { attributes = {} } = message;
    const reserved = RESERVED_ATTRIBUTES.find((name) => name in attributes);
    if (reserved !== undefined)
      return this.refusal(`the attribute ${reserved} marks messages whose body is in S3. Use another name`);
    if (!this.isLarge(message)) return message;
    const known = this.stored.get(message);
    if (known !== undefined) return known.message;
    const pointer = newPointer(bucket, prefix);
    const pointing = this.pointing(message, pointer);
    if (Object.keys(attributes).length >= this.limits.attributes) {
      return this.refusal(
        `a message whose body is in S3 has one attribute of its own, so it takes ${this.limits.attributes - 1} others. Send fewer`,
      );
    }
    if (messageBytes(pointing) > this.limits.messageBytes) {
      return this.refusal(
        `the attributes alone are more than the ${this.limits.messageBytes} bytes of a message. Send less beside the call`,
      );
    }
    try {
      await this.store.put(pointer, String(message.body));
    } catch (error) {
      return QueueError.from(error, this.queue);
    }
    this.stored.set(message, { pointer, message: pointing });
    return pointing;
  }

  /** The body of a message that SQS will never take is of no use. */
  async discard(message: WireMessage): Promise<void> {
    const known = this.stored.get(message);
    this.stored.delete(message);
    if (known !== undefined) await this.store.delete(known.pointer);
  }

  private pointing({ body, attributes, ...rest }: WireMessage, pointer: Pointer): WireMessage {
    const { reservedAttribute } = this.options;
    const size = typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength;
    return {
      ...rest,
      body: writePointer(pointer),
      attributes: { ...attributes, [reservedAttribute]: String(size) },
      numbers: [reservedAttribute],
    };
  }

  private refusal(rule: string): QueueError {
    return new QueueError(`the queue "${this.queue}" keeps large bodies in S3: ${rule}.`, {
      code: 'InvalidMessageContents',
      kind: 'invalid',
      queue: this.queue,
    });
  }
}
