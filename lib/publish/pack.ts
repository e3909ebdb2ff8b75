import type { Clock } from '../queue/clock.js';
import type { WireMessage } from '../queue/wire-message.js';
import type { Wrapping } from './packer.js';
import type { Letter, Parcel } from './parcel.js';
import type { SendOptions } from './send-options.js';

/** What a {@link Pack} is made of. */
export interface PackParts extends Wrapping {
  /** What travels beside the body, for all its calls. */
  readonly beside: SendOptions;
  readonly besideBytes: number;
  readonly clock: Clock;
  /** Called when nothing is to be packed into it any more, and perhaps again. */
  readonly closed: () => void;
}

/** A body that calls share. It grows until a request takes it. */
export class Pack implements Parcel {
  /** Resolves with the message id, for all its calls. */
  stored!: Promise<string>;
  readonly letters: Letter[] = [];
  private calls: Buffer[] = [];
  private callBytes = 0;
  private message: WireMessage | undefined;
  private readonly begunAt: number;
  private lastAt: number;

  constructor(private readonly parts: PackParts) {
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

  add(letter: Letter, call: Buffer): Promise<string> {
    this.letters.push(letter);
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
