import { checkSize } from './checks.js';
import { ThriftWriteError } from './errors.js';
import { KeyCollisions, UNWATCHED_KEYS } from './key-collisions.js';
import {
  CALL_COST,
  DEFAULT_LIMITS,
  listCost,
  OPEN_CONTAINERS,
  structCost,
  TABLE_COST,
  type ThriftLimits,
  TOO_MANY_OPEN,
  tooDeep,
  tooLong,
  tooMany,
} from './limits.js';
import { Slab } from './slab.js';
import { isBase } from './type-names.js';
import type { UnknownFields } from './unknown-fields.js';

/**
 * Provides the state and methods that the writers share: the limits, which are those of the readers,
 * and TProtocol's methods that write nothing.
 */
export abstract class SlabWriter extends Slab {
  /** Counts the structs that are open. */
  depth = 0;
  /** Counts the lists, sets and maps that are open. */
  open = 0;
  /** Elements that are left for the rest of the message. */
  budget = DEFAULT_LIMITS.elements;
  unknownFields: UnknownFields = 'error';
  writeDefaults = false;
  protected limits = DEFAULT_LIMITS;

  override reset(): void {
    super.reset();
    this.depth = this.open = 0;
    this.unknownFields = 'error';
    this.writeDefaults = false;
    this.obey(DEFAULT_LIMITS);
  }

  /** Sets the limits of all that is written before the next reset. */
  obey(limits: ThriftLimits): void {
    this.limits = limits;
    this.budget = limits.elements;
  }

  /** Returns the elements that a reader needs for what was written. */
  get cost(): number {
    return this.limits.elements - this.budget;
  }

  /** Enters a struct that costs so many elements. The depth also stops objects that contain themselves. */
  enter(cost: number): void {
    const { limits } = this;
    if (++this.depth > limits.depth) throw new ThriftWriteError('limit-exceeded', tooDeep(limits), 'depth');
    this.budget -= cost;
    if (this.budget < 0) throw this.overBudget('a struct', cost);
  }

  /** Enters a list. `counted` is 1 for base-typed elements, else 0. */
  enterList(size: number, counted: number): void {
    this.enterContainer(size, listCost(size) + size * counted);
  }

  /** Enters a set or map. `counted` is 1 for base-typed elements, and 2 if keys and values are. */
  enterTable(size: number, counted: number): void {
    this.enterContainer(size, TABLE_COST + size * counted);
  }

  /** Deducts the cost of what a reader makes. */
  charge(cost: number, what: string): void {
    this.budget -= cost;
    if (this.budget < 0) throw this.overBudget(what, cost);
  }

  /** Watches the keys of a map or set. Undefined if it is small. */
  watchKeys(size: number, isI64: boolean): KeyCollisions | undefined {
    return size > UNWATCHED_KEYS ? new KeyCollisions(this, size, isI64) : undefined;
  }

  writeMessageEnd(): void {}

  writeFieldEnd(): void {}

  writeMapEnd(): void {
    this.open--;
  }

  writeListEnd(): void {
    this.open--;
  }

  writeSetEnd(): void {
    this.open--;
  }

  flush(): void {}

  getTransport(): this {
    return this;
  }

  incrementRecursionDepth(): void {}

  decrementRecursionDepth(): void {}

  /** Begins a call. */
  protected startMessage(): void {
    this.depth = this.open = 0;
    this.charge(CALL_COST, 'a call');
  }

  /** Enters a struct through TProtocol's methods, which do not know its fields. */
  protected enterStruct(): void {
    this.enter(structCost(0));
  }

  /** Enters a list through TProtocol's methods. */
  protected enterListOf(etype: number, size: number): void {
    checkSize(size);
    this.enterList(size, isBase(etype) ? 1 : 0);
  }

  /** Enters a set or map through TProtocol's methods. */
  protected enterTableOf(size: number, etype: number, vtype?: number): void {
    checkSize(size);
    this.enterTable(size, (isBase(etype) ? 1 : 0) + (vtype !== undefined && isBase(vtype) ? 1 : 0));
  }

  /** Checks the bytes of a string or binary. Returns their number. */
  protected checkLength(bytes: number): number {
    if (bytes > this.limits.stringBytes)
      throw new ThriftWriteError('limit-exceeded', tooLong(this.limits), 'stringBytes');
    return bytes;
  }

  private enterContainer(size: number, cost: number): void {
    if (++this.open > OPEN_CONTAINERS) throw new ThriftWriteError('limit-exceeded', TOO_MANY_OPEN, 'depth');
    this.budget -= cost;
    if (this.budget < 0) throw this.overBudget(`a container of ${size} elements`, cost);
  }

  private overBudget(what: string, cost: number): ThriftWriteError {
    return new ThriftWriteError('limit-exceeded', tooMany(this.limits, what, cost, this.budget + cost), 'elements');
  }
}
