import { ThriftWriteError } from './errors.js';
import { Slab } from './slab.js';
import type { UnknownFields } from './unknown-fields.js';

/** Limits the depth, because peers, including Apache's runtimes, refuse to read deeper values. */
const DEEPEST = 64;

/**
 * Provides the state and methods that the writers share: the current depth, and TProtocol's methods
 * that write nothing.
 */
export abstract class SlabWriter extends Slab {
  depth = 0;
  unknownFields: UnknownFields = 'error';

  override reset(): void {
    super.reset();
    this.depth = 0;
    this.unknownFields = 'error';
  }

  /**
   * Enters one nesting level. Throws past 64 levels, which also stops objects that contain
   * themselves.
   */
  enter(): void {
    if (++this.depth > DEEPEST) throw new ThriftWriteError('limit-exceeded', `nested deeper than ${DEEPEST} levels`);
  }

  writeMessageEnd(): void {}

  writeFieldEnd(): void {}

  writeMapEnd(): void {
    this.depth--;
  }

  writeListEnd(): void {
    this.depth--;
  }

  writeSetEnd(): void {
    this.depth--;
  }

  flush(): void {}

  getTransport(): this {
    return this;
  }

  incrementRecursionDepth(): void {}

  decrementRecursionDepth(): void {}
}
