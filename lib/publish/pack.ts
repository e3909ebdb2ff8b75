import type { SendOutcome } from '../queue/queue.js';
import type { WireMessage } from '../queue/wire-message.js';
import type { Done } from './outbox.js';
import type { Wrapping } from './packer.js';
import type { Parcel } from './parcel.js';
import type { SendOptions } from './send-options.js';

/** What a {@link Pack} is made of. */
export interface PackParts extends Wrapping {
  /** What travels beside the body, for all its calls. */
  readonly beside: SendOptions;
  readonly besideBytes: number;
  /** Called once, when the body leaves. */
  readonly sealed: () => void;
}

/** A body that calls share. It grows until a request takes it. */
export class Pack implements Parcel {
  private readonly calls: Buffer[] = [];
  private readonly waiting: Done[] = [];
  private callBytes = 0;
  private message: WireMessage | undefined;

  constructor(private readonly parts: PackParts) {}

  get groupId(): string | undefined {
    return this.parts.beside.groupId;
  }

  get besideBytes(): number {
    return this.parts.besideBytes;
  }

  get bytes(): number {
    return this.besideBytes + this.parts.bodyBytes(this.callBytes);
  }

  /** What it would count for with one more call. */
  bytesWith(call: Buffer): number {
    return this.besideBytes + this.parts.bodyBytes(this.callBytes + call.length);
  }

  add(call: Buffer, done: Done): void {
    this.calls.push(call);
    this.waiting.push(done);
    this.callBytes += call.length;
  }

  seal(): WireMessage {
    if (!this.message) {
      this.parts.sealed();
      const body = this.parts.toBody(Buffer.concat(this.calls.splice(0), this.callBytes));
      this.message = { ...this.parts.beside, body };
    }
    return this.message;
  }

  /** All its calls end alike: the queue stored their body, or it did not. */
  end(outcome: SendOutcome): void {
    for (const done of this.waiting) done(outcome);
  }
}
