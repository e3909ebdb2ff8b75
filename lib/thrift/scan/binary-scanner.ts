import { ThriftReadError } from '../errors.js';
import { TType } from '../protocol.js';
import { MORE, StackScanner } from './stack-scanner.js';
import type { MessageScanner } from './message-scanner.js';

/** Upper half of the first word of a strict message (`doc/specs/thrift-binary-protocol.md`, Message). */
const VERSION = 0x8001;

/** Bytes of each type of fixed size; 0 for every other type. */
const FIXED: readonly number[] = Object.assign(Array<number>(TType.UUID + 1).fill(0), {
  [TType.BOOL]: 1,
  [TType.BYTE]: 1,
  [TType.I16]: 2,
  [TType.I32]: 4,
  [TType.I64]: 8,
  [TType.DOUBLE]: 8,
  [TType.UUID]: 16,
});

/** Bytes of the header of each type with a size: the types of the elements, and an i32. */
const HEADERS: readonly number[] = Object.assign(Array<number>(TType.UUID + 1).fill(0), {
  [TType.STRING]: 4,
  [TType.LIST]: 5,
  [TType.SET]: 5,
  [TType.MAP]: 6,
});

/** Finds the ends of messages of the strict binary protocol. */
export class BinaryScanner extends StackScanner implements MessageScanner {
  /** True once version, type and the length of the name are read. */
  private isNamed = false;
  /** Type of the value whose header is to be read; 0 without a value. */
  private pendingType = 0;

  protected override get isPending(): boolean {
    return this.pendingType !== 0;
  }

  protected override header(bytes: Buffer, at: number, end: number): number {
    if (this.isNamed) {
      // The sequence id.
      if (end - at < 4) return MORE;
      this.openMessage();
      return 4;
    }
    if (end - at < 8) return MORE;
    if (bytes.readUInt16BE(at) !== VERSION) throw new ThriftReadError('bad-header', 'no strict binary message');
    this.isNamed = true;
    this.pass(sizeAt(bytes, at + 4));
    return 8;
  }

  protected override field(bytes: Buffer, at: number, end: number): number {
    if (at >= end) return MORE;
    const type = bytes[at]!;
    if (type === TType.STOP) {
      this.closeStruct();
      return 1;
    }
    if (end - at < 3) return MORE;
    this.begin(type);
    return 3;
  }

  protected override begin(type: number): void {
    const fixed = FIXED[type] ?? 0;
    if (fixed > 0) this.pass(fixed);
    else if (type === TType.STRUCT) this.openStruct();
    else if ((HEADERS[type] ?? 0) > 0) this.pendingType = type;
    else throw new ThriftReadError('type-mismatch', `a value of type ${type}, which Thrift does not have`);
  }

  protected override pending(bytes: Buffer, at: number, end: number): number {
    const type = this.pendingType;
    const taken = HEADERS[type]!;
    if (end - at < taken) return MORE;
    this.pendingType = 0;
    const size = sizeAt(bytes, at + taken - 4);
    if (type === TType.STRING) this.pass(size);
    else this.elements(size, bytes[at]!, type === TType.MAP ? bytes[at + 1]! : undefined);
    return taken;
  }

  protected override reset(): void {
    this.isNamed = false;
  }

  /** Passes over elements of fixed size at once. */
  private elements(count: number, first: number, second?: number): void {
    const firstBytes = FIXED[first] ?? 0;
    const secondBytes = second === undefined ? 0 : (FIXED[second] ?? 0);
    const isFixed = firstBytes > 0 && (second === undefined || secondBytes > 0);
    if (isFixed) this.pass(count * (firstBytes + secondBytes));
    else this.openElements(count, first, second);
  }
}

function sizeAt(bytes: Buffer, at: number): number {
  const size = bytes.readInt32BE(at);
  if (size < 0) throw new ThriftReadError('limit-exceeded', `a size of ${size}`, 'size');
  return size;
}
