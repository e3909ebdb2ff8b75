import type { Program } from './program.js';
import type { ConstValue, StructSchema, ThriftType } from './schema.js';
import { errorAt } from './source.js';

/**
 * Limits the number of parts that the names of typedefs, constants and defaults expand to in a
 * schema, beyond one part each. Without the limit, a few lines that each refer twice to the line
 * before would exhaust memory. Real schemas stay far below these limits.
 */
const MAX = { types: 100_000, values: 500_000 } as const;

/** Counts this many characters or bytes of text as one more value. */
const TEXT_PART = 32;

/**
 * Measures the expanded size of types and values. Measures each object only once, because names
 * share the objects they stand for.
 */
export class Expansion {
  private readonly sizes = new WeakMap<object, number>();
  private readonly used = { types: 0, values: 0 };

  /** @param structs the structs resolved so far, by id */
  constructor(private readonly structs: ReadonlyMap<string, StructSchema>) {}

  /**
   * Counts a type that the name of a typedef stands for.
   *
   * @throws IdlError `too-large`
   */
  useType(program: Program, at: number, type: ThriftType): void {
    this.use(program, at, 'types', this.typeSize(type) - 1);
  }

  /**
   * Counts a value that the name of a constant stands for, or that fills a field omitted by a
   * constant.
   *
   * @throws IdlError `too-large`
   */
  useValue(program: Program, at: number, type: ThriftType, value: ConstValue): void {
    this.use(program, at, 'values', this.valueSize(type, value));
  }

  private use(program: Program, at: number, what: keyof typeof MAX, size: number): void {
    this.used[what] += size;
    if (this.used[what] <= MAX[what]) return;
    const names = what === 'types' ? 'typedefs' : 'constants and defaults';
    const message = `the names of ${names} expand to more than ${MAX[what]} parts`;
    throw errorAt(program.source, at, 'too-large', message);
  }

  private typeSize(type: ThriftType): number {
    switch (type.kind) {
      case 'list':
      case 'set':
        return this.known(type, () => 1 + this.typeSize(type.element));
      case 'map':
        return this.known(type, () => 1 + this.typeSize(type.key) + this.typeSize(type.value));
      default:
        return 1;
    }
  }

  private valueSize(type: ThriftType, value: ConstValue): number {
    switch (type.kind) {
      case 'list':
      case 'set':
        return this.known(value as object, () => this.sum(type.element, value as Iterable<ConstValue>));
      case 'map': {
        const map = value as ReadonlyMap<ConstValue, ConstValue>;
        return this.known(map, () => this.sum(type.key, map.keys()) + this.sum(type.value, map.values()));
      }
      case 'struct':
        return this.known(value as object, () =>
          this.structSize(this.structs.get(type.id), new Map(Object.entries(value))),
        );
      case 'string':
      case 'binary':
        return 1 + Math.floor((value as string | Buffer).length / TEXT_PART);
      default:
        return 1;
    }
  }

  /** Sums the sizes of the fields, including the defaults of omitted fields. */
  private structSize(struct: StructSchema | undefined, given: ReadonlyMap<string, ConstValue>): number {
    let size = 1;
    for (const { name, type, defaultValue } of struct?.fields ?? []) {
      // A union without a member is its default.
      const value = given.get(name) ?? (struct?.kind === 'union' && given.size > 0 ? undefined : defaultValue);
      if (value !== undefined) size += this.valueSize(type, value);
    }
    return size;
  }

  private sum(type: ThriftType, values: Iterable<ConstValue>): number {
    let size = 1;
    for (const value of values) size += this.valueSize(type, value);
    return size;
  }

  private known(of: object, measure: () => number): number {
    const size = this.sizes.get(of) ?? measure();
    this.sizes.set(of, size);
    return size;
  }
}
