import { ThriftWriteError } from './errors.js';
import { Slab } from './slab.js';

/** Peers, Apache's runtimes among them, refuse to read deeper. */
const DEEPEST = 64;

/** What the writers of bytes share: the depth of what is being written, and TProtocol's methods that write nothing. */
export abstract class SlabWriter extends Slab {
  depth = 0;

  override reset(): void {
    super.reset();
    this.depth = 0;
  }

  /** One level deeper. Throws past 64 levels, which also ends objects that contain themselves. */
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
