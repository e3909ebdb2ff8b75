import type { Schema, StructSchema, ThriftType } from '../../idl/schema.js';
import { functionName, literal } from './identifiers.js';
import type { I64Mode, ReadSnippets, WriteSnippets } from './snippets.js';
import { typeId } from './type-tags.js';

/** Options of the emitted source besides the schema. */
export interface EmitOptions {
  readonly i64: I64Mode;
  /**
   * True if decoders accept everything that Apache's generated readers accept (see
   * `CodecOptions.lenient`). Default false.
   */
  readonly lenient?: boolean;
  /**
   * True if the defaults bear types of TypeScript. The compiler gives up on a table of 1 024 objects
   * of different shapes without types. Default false.
   */
  readonly typed?: boolean;
}

/** Represents a type whose values have their own write and read functions. */
export type NamedType = Exclude<ThriftType, { kind: 'enum' | BaseKind }>;
type BaseKind = Exclude<ThriftType['kind'], 'struct' | 'list' | 'set' | 'map' | 'enum'>;

/** True if a type has its own functions. */
export function isNamed(type: ThriftType): type is NamedType {
  return type.kind === 'struct' || type.kind === 'list' || type.kind === 'set' || type.kind === 'map';
}

/**
 * Collects the functions and constants of one piece of emitted source. Referring to a type by name
 * schedules the type for emission.
 */
export class Unit {
  /** Types in the order of their first request. The list grows during emission. */
  readonly types: NamedType[] = [];
  /** Declarations of enums and key sets, placed before the functions. */
  readonly constants: string[] = [];
  private readonly indexes = new Map<string, number>();
  private readonly enums = new Map<string, string>();
  private readonly bytes = new Map<string, string>();

  constructor(
    readonly schema: Schema,
    readonly write: WriteSnippets,
    readonly read: ReadSnippets,
    readonly options: EmitOptions,
  ) {}

  writer(type: NamedType): string {
    return functionName('write', this.index(type), typeId(type));
  }

  reader(type: NamedType): string {
    return functionName('read', this.index(type), typeId(type));
  }

  struct(id: string): StructSchema {
    const struct = this.schema.structs.get(id);
    if (!struct) throw new TypeError(`the schema refers to ${JSON.stringify(id)}, which it does not declare`);
    return struct;
  }

  /** Returns the constant that holds an enum's names; undefined for another type. */
  enumName(type: ThriftType): string | undefined {
    if (type.kind !== 'enum') return undefined;
    const known = this.enums.get(type.id);
    if (known !== undefined) return known;
    const declared = this.schema.enums.get(type.id);
    if (!declared) throw new TypeError(`the schema refers to ${JSON.stringify(type.id)}, which it does not declare`);
    const name = functionName('enum', this.enums.size, type.id);
    this.enums.set(type.id, name);
    const members = [...declared.values].map(([member, value]) => `[${literal(member)}, ${value | 0}]`);
    this.constants.push(`const ${name} = enumOf(${JSON.stringify(type.id)}, [${members.join(', ')}]);`);
    return name;
  }

  /**
   * Declares a constant that holds the names of a struct's fields, and returns the name of the
   * constant.
   */
  fieldNames(type: NamedType, { name: struct, kind, fields }: StructSchema): string {
    const name = functionName('fields', this.index(type), typeId(type));
    const names = fields.map((field) => literal(field.name)).join(', ');
    this.constants.push(`const ${name} = fieldsOf(${JSON.stringify(struct)}, '${kind}', [${names}]);`);
    return name;
  }

  /** Returns the constant that holds the bytes of a default. Readers hand out copies of it. */
  bytesName(value: Uint8Array): string {
    const hex = Buffer.from(value).toString('hex');
    const known = this.bytes.get(hex);
    if (known !== undefined) return known;
    const name = functionName('bytes', this.bytes.size, '');
    this.bytes.set(hex, name);
    this.constants.push(`const ${name} = bytesOf("${hex}");`);
    return name;
  }

  /** Declares a constant with an expression, and returns its name. */
  constant(prefix: string, type: NamedType, expression: string): string {
    const name = functionName(prefix, this.index(type), typeId(type));
    const declaration = `const ${name} = ${expression};`;
    if (!this.constants.includes(declaration)) this.constants.push(declaration);
    return name;
  }

  private index(type: NamedType): number {
    const key = typeId(type);
    const known = this.indexes.get(key);
    if (known !== undefined) return known;
    this.indexes.set(key, this.types.length);
    return this.types.push(type) - 1;
  }
}
