import type { ThriftType } from '#lib/idl/schema.js';

/** Types without parts, as the IDL names them; `E` is the enum of every schema. */
export const SCALARS = ['bool', 'i8', 'i16', 'i32', 'i64', 'double', 'string', 'binary', 'uuid', 'E'] as const;
type Scalar = (typeof SCALARS)[number];

/** A type of a random schema. A struct is named by its index. */
export type TypeGene =
  | { readonly kind: Scalar }
  | { readonly kind: 'list' | 'set'; readonly of: TypeGene }
  | { readonly kind: 'map'; readonly key: TypeGene; readonly of: TypeGene }
  | { readonly kind: 'struct'; readonly index: number };

/** A default: so many elements or entries, with texts and binaries of so many bytes. */
export interface DefaultGene {
  readonly count: number;
  readonly size: number;
}

export interface FieldGene {
  readonly type: TypeGene;
  readonly required?: boolean;
  readonly default?: DefaultGene;
  /** Declares the field this often: a wide struct. */
  readonly repeat: number;
}

export interface StructGene {
  readonly union: boolean;
  readonly fields: readonly FieldGene[];
}

/** A schema as plain data, from which the text of its IDL follows. */
export interface SchemaGene {
  readonly structs: readonly StructGene[];
  /** Parameters of the method `m`. The method `other` has none. */
  readonly args: readonly TypeGene[];
}

/** An IDL of more characters is none that people write. */
const LONGEST_IDL = 400_000;
const DEEPEST_DEFAULT = 3;
const ENUM = 'enum E { A, B = 77, C = -5 }';

/** Writes the IDL. Containers of fields go by typedefs. Throws a `RangeError` for one that is too long. */
export function idlOf({ structs, args }: SchemaGene): string {
  const text = new IdlText(structs);
  const parameters = args.map((type, i) => `${i + 1}: ${text.type(type)} a${i}`);
  const service = `service S { oneway void m(${parameters.join(', ')}) oneway void other() }`;
  const bodies = structs.map((struct, i) => text.struct(struct, i));
  return [ENUM, ...text.typedefs, ...bodies, service].join('\n');
}

class IdlText {
  readonly typedefs: string[] = [];
  private length = 0;

  constructor(private readonly structs: readonly StructGene[]) {}

  type(gene: TypeGene): string {
    switch (gene.kind) {
      case 'struct':
        return `T${gene.index % this.structs.length}`;
      case 'map':
        return `map<${this.type(gene.key)}, ${this.type(gene.of)}>`;
      case 'list':
      case 'set':
        return `${gene.kind}<${this.type(gene.of)}>`;
      default:
        return gene.kind;
    }
  }

  struct({ union, fields }: StructGene, index: number): string {
    let hasDefault = false;
    const lines = expanded(fields).map(({ type, required, default: value }, i) => {
      // A union has one default, and Apache's compiler takes no required members.
      const isAbove = this.isAbove(type, index);
      const isGiven = value !== undefined && isAbove && !(union && hasDefault);
      hasDefault ||= isGiven;
      const word = union ? '' : required && isAbove ? 'required ' : 'optional ';
      return this.grown(
        `  ${i + 1}: ${word}${this.named(type)} f${i}${isGiven ? ` = ${this.value(type, value, 0)}` : ''}`,
      );
    });
    return `${union ? 'union' : 'struct'} T${index} {\n${lines.join('\n')}\n}`;
  }

  /** True if the structs of a type are declared above a struct, as a default of them must be. */
  private isAbove(type: TypeGene, index: number): boolean {
    if (type.kind === 'struct') return type.index % this.structs.length < index;
    if (type.kind === 'map' && !this.isAbove(type.key, index)) return false;
    return !('of' in type) || this.isAbove(type.of, index);
  }

  /** Returns the name of a typedef of a container, or the type. */
  private named(type: TypeGene): string {
    const text = this.type(type);
    if (!('of' in type)) return text;
    const name = `D${this.typedefs.length}`;
    const known = this.typedefs.find((line) => line.startsWith(`typedef ${text} D`));
    if (known !== undefined) return known.slice(known.lastIndexOf(' ') + 1);
    this.typedefs.push(`typedef ${text} ${name}`);
    return name;
  }

  /** Returns the constant of a type with the number `i`, so that keys and elements differ. */
  private value(type: TypeGene, gene: DefaultGene, i: number, depth = 0): string {
    switch (type.kind) {
      case 'struct':
        return '{}';
      case 'map': {
        const entries = this.each(type.key, gene, depth).map(
          (key) => `${key}: ${this.value(type.of, inner(gene), i, depth + 1)}`,
        );
        return this.grown(`{ ${entries.join(', ')} }`);
      }
      case 'list':
      case 'set':
        return this.grown(`[${this.each(type.of, gene, depth).join(', ')}]`);
      default:
        return scalar(type.kind, gene, i);
    }
  }

  private each(type: TypeGene, { count, size }: DefaultGene, depth: number): string[] {
    if (depth >= DEEPEST_DEFAULT) return [];
    const most = type.kind === 'bool' ? 2 : type.kind === 'E' ? 3 : type.kind === 'i8' ? 127 : count;
    const gene = depth === 0 ? inner({ count, size }) : { count: 1, size };
    return Array.from({ length: Math.min(count, most) }, (_, i) => this.value(type, gene, i, depth + 1));
  }

  private grown(text: string): string {
    this.length += text.length;
    if (this.length > LONGEST_IDL) throw new RangeError('the IDL is too long');
    return text;
  }
}

/** Parts of a default are smaller than the default. */
function inner({ count, size }: DefaultGene): DefaultGene {
  return { count: Math.min(count, 8), size: Math.min(size, 200) };
}

function scalar(kind: Scalar, { size }: DefaultGene, i: number): string {
  switch (kind) {
    case 'bool':
      return i % 2 === 0 ? 'true' : 'false';
    case 'double':
      return `${i}.5`;
    case 'string':
    case 'binary':
      return `"${String(i).padStart(size, 'x')}"`;
    case 'uuid':
      return `"00000000-0000-4000-8000-${String(i).padStart(12, '0')}"`;
    case 'E':
      return `E.${'ABC'[i % 3]!}`;
    default:
      return String(i);
  }
}

/** Returns the fields with those of wide structs one by one. */
function expanded(fields: readonly FieldGene[]): readonly FieldGene[] {
  return fields.flatMap((field) => Array.from({ length: field.repeat }, () => field));
}

/** True if a type has elements. */
export function isContainer(type: ThriftType): type is Extract<ThriftType, { readonly kind: 'list' | 'set' | 'map' }> {
  return type.kind === 'list' || type.kind === 'set' || type.kind === 'map';
}
