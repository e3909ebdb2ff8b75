import { ThriftReadError } from '../errors.js';

/** Deepest nesting that is followed: the most structs and containers that a decoder opens. */
const DEEPEST = 1024;

/** A struct, or the elements of a container, that is not over yet. */
export interface OpenLevel {
  /** Values that are left; `Infinity` in a struct, which ends with a stop field. */
  left: number;
  /** Type of the next value, in the codes of the protocol. */
  next: number;
  /** Type of the value after the next. Differs from `next` in a map. */
  after: number;
  /** True for a struct, whose values have a field header each. */
  readonly isStruct: boolean;
}

/** Means that a step needs more bytes than have arrived. */
export const MORE = -1;

/**
 * Follows a message of a binary encoding with a stack of its open levels. Subclasses know the
 * encoding: each step reads one header or one number.
 */
export abstract class StackScanner {
  examined = 0;
  /** Offset of the next byte to examine, from the start of the message. */
  private at = 0;
  /** Bytes to pass over before the next step. */
  private skip = 0;
  private isOpen = false;
  private readonly levels: OpenLevel[] = [];

  get leastLength(): number {
    return this.at + this.skip;
  }

  scan(bytes: Buffer, start: number, end: number): number | undefined {
    for (;;) {
      if (!this.passOver(end - start - this.at)) return undefined;
      if (this.isOpen && this.levels.length === 0) return this.finish();
      const taken = this.step(bytes, start + this.at, end);
      if (taken === MORE) {
        this.examined += end - start - this.at;
        return undefined;
      }
      this.at += taken;
      this.examined += taken;
    }
  }

  /** Reads the next part of the header. Returns the bytes taken, or {@link MORE}. */
  protected abstract header(bytes: Buffer, at: number, end: number): number;
  /** Reads the header of the next field of a struct. */
  protected abstract field(bytes: Buffer, at: number, end: number): number;
  /** True if a value of a type has begun, and its size or number is still to be read. */
  protected abstract readonly isPending: boolean;
  /** Reads the size or number of the value that has begun. */
  protected abstract pending(bytes: Buffer, at: number, end: number): number;
  /** Begins a value. */
  protected abstract begin(type: number): void;
  /** Prepares for the next message. */
  protected abstract reset(): void;

  /** Passes over `count` bytes before the next step. */
  protected pass(count: number): void {
    this.skip += count;
  }

  /** Begins the arguments, after the header. */
  protected openMessage(): void {
    this.isOpen = true;
    this.openStruct();
  }

  protected openStruct(): void {
    this.open({ left: Infinity, next: 0, after: 0, isStruct: true });
  }

  /** Begins `count` elements; of a map, `count` keys and as many values. */
  protected openElements(count: number, first: number, second?: number): void {
    if (count === 0) return;
    const left = second === undefined ? count : 2 * count;
    this.open({ left, next: first, after: second ?? first, isStruct: false });
  }

  protected closeStruct(): void {
    this.levels.pop();
  }

  private open(level: OpenLevel): void {
    if (this.levels.length === DEEPEST) {
      throw new ThriftReadError('limit-exceeded', `more than ${DEEPEST} levels`, 'depth');
    }
    this.levels.push(level);
  }

  private step(bytes: Buffer, at: number, end: number): number {
    if (!this.isOpen) return this.header(bytes, at, end);
    if (this.isPending) return this.pending(bytes, at, end);
    const level = this.levels.at(-1)!;
    if (level.isStruct) return this.field(bytes, at, end);
    if (level.left === 0) {
      this.levels.pop();
      return 0;
    }
    const { next, after } = level;
    level.left -= 1;
    level.next = after;
    level.after = next;
    this.begin(next);
    return 0;
  }

  /** Passes over what is here of the bytes to skip. True if none is left. */
  private passOver(available: number): boolean {
    const passed = Math.min(this.skip, available);
    this.at += passed;
    this.skip -= passed;
    this.examined += passed;
    return this.skip === 0;
  }

  private finish(): number {
    const length = this.at;
    this.at = 0;
    this.isOpen = false;
    this.reset();
    return length;
  }
}
