import type { Batcher } from '../queue/batcher.js';
import type { SendOutcome, SendPort } from '../queue/queue.js';
import type { WireBody } from '../queue/wire-message.js';
import type { Done } from './outbox.js';
import { Pack } from './pack.js';
import type { Parcel } from './parcel.js';
import type { SendOptions } from './send-options.js';
import { checkMessage, tooLarge } from './wire-check.js';

/** How the bytes of calls become a body. */
export interface Wrapping {
  readonly toBody: (calls: Buffer) => WireBody;
  /** Bytes of the body of so many bytes of calls. */
  readonly bodyBytes: (callBytes: number) => number;
}

/** What a {@link Packer} is made of. */
export interface PackerParts extends Wrapping {
  readonly port: SendPort;
  readonly batcher: Batcher<Parcel, SendOutcome>;
  /** Bytes of a body, beyond which no further call is added to it. */
  readonly maxBytes: number;
}

/**
 * Puts calls into bodies that they share: those of the same attributes, group and delay, while their body waits for a request. A lone
 * call goes out as soon as it would by itself, so packing adds no latency of its own.
 */
export class Packer {
  private readonly open = new Map<string, Pack>();

  constructor(private readonly parts: PackerParts) {}

  /** @throws PublishError the call would not be accepted; nothing was packed */
  add(method: string, call: Buffer, beside: SendOptions, done: Done): void {
    const { port, batcher, maxBytes, bodyBytes } = this.parts;
    const key = keyOf(beside);
    const waiting = this.open.get(key);
    if (waiting && waiting.bytesWith(call) <= Math.min(maxBytes, port.limits.messageBytes))
      return waiting.add(call, done);
    // What stands beside the body is checked once for all calls that share it.
    const besideBytes = waiting?.besideBytes ?? checkMessage({ ...beside, body: '' }, port, method);
    const alone = besideBytes + bodyBytes(call.length);
    if (alone > port.limits.messageBytes) throw tooLarge(method, alone, port);
    const pack = new Pack({ ...this.parts, beside, besideBytes, sealed: () => this.forget(key, pack) });
    pack.add(call, done);
    this.open.set(key, pack);
    void batcher.add(pack).then((outcome) => pack.end(outcome));
  }

  private forget(key: string, pack: Pack): void {
    if (this.open.get(key) === pack) this.open.delete(key);
  }
}

/** Calls share a body when everything beside it is the same for them. */
function keyOf({ attributes, groupId, deduplicationId, delaySeconds }: SendOptions): string {
  if (!attributes && groupId === undefined && deduplicationId === undefined && delaySeconds === undefined) return '';
  const sorted = Object.entries(attributes ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([sorted, groupId, deduplicationId, delaySeconds]);
}
