import type { FieldSchema, Schema, ThriftType } from '#lib/idl/schema.js';
import { tagOf } from '#lib/thrift/compile/type-tags.js';
import type { ThriftWriter } from '#lib/thrift/protocol.js';
import { isContainer } from './costly-schema.js';
import { scalarValue } from './costly-values.js';

/**
 * Describes values of any type: each type takes from it what it needs. So a shape stays usable when
 * its schema changes.
 */
export interface Shape {
  /** Style of the values without parts. */
  readonly style: number;
  /** Bytes of texts and binaries. */
  readonly size: number;
  /** Elements of a container. */
  readonly count: number;
  /** Fields of a struct by index, in the order of writing. One behind the last is an unknown field. */
  readonly present: readonly number[];
  /** Shapes of elements, of keys and values, or of the fields of `present`. The plain shape in place of a missing one. */
  readonly parts: readonly Shape[];
}

const PLAIN: Shape = { style: 0, size: 1, count: 1, present: [], parts: [] };

/** The body would be too long. */
export class TooLongError extends Error {
  /** @param share share of the outermost elements that fit */
  constructor(readonly share: number) {
    super('the body is too long');
  }
}

type Container = Extract<ThriftType, { kind: 'list' | 'set' | 'map' }>;

/** Structs in each other at most, so that bodies of recursive types end before the limit of a reader. */
const DEEPEST = 62;
const UNKNOWN_ID = 2_000;
const UNKNOWN: readonly ThriftType[] = [
  { kind: 'i32' },
  { kind: 'string' },
  { kind: 'list', element: { kind: 'i8' } },
  { kind: 'map', key: { kind: 'string' }, value: { kind: 'double' } },
  { kind: 'list', element: { kind: 'list', element: { kind: 'set', element: { kind: 'i8' } } } },
];

/** Writes values by shapes through the methods of Apache's TProtocol, which check nothing of the IDL. */
export class ShapeWriter {
  private depth = 0;
  private containers = 0;
  private share = 1;

  /**
   * @param most bytes at which writing ends with a {@link TooLongError}
   * @param scale factor for the elements of outermost containers
   */
  constructor(
    private readonly schema: Schema,
    private readonly writer: ThriftWriter,
    private readonly most: number,
    private readonly scale: number,
  ) {}

  /** Writes the parameters of a method. */
  args(fields: readonly FieldSchema[], shape: Shape): void {
    this.writer.writeStructBegin('');
    fields.forEach((field, i) => this.field(field, shape.parts[i] ?? PLAIN, 0));
    this.writer.writeFieldStop();
    this.writer.writeStructEnd();
  }

  private field({ id, name, type }: Pick<FieldSchema, 'id' | 'name' | 'type'>, shape: Shape, i: number): void {
    const { writer } = this;
    writer.writeFieldBegin(name, tagOf(type), id);
    this.value(type, shape, i);
    writer.writeFieldEnd();
  }

  private value(type: ThriftType, shape: Shape, i: number): void {
    if (this.writer.length > this.most) throw new TooLongError(this.share);
    if (type.kind === 'struct') this.struct(this.schema.structs.get(type.id)!.fields, shape, i);
    else if (isContainer(type)) this.container(type, shape);
    else this.scalar(type, shape, i);
  }

  private struct(fields: readonly FieldSchema[], { present, parts }: Shape, i: number): void {
    this.writer.writeStructBegin('');
    this.depth += 1;
    const given = new Set(present);
    fields.forEach((field, index) => {
      if (field.requiredness === 'required' && !given.has(index)) this.field(field, PLAIN, i);
    });
    if (this.depth < DEEPEST) {
      present.forEach((index, at) => {
        const field = fields[index] ?? { id: UNKNOWN_ID + index, name: '', type: UNKNOWN[index % UNKNOWN.length]! };
        this.field(field, parts[at] ?? PLAIN, i);
      });
    }
    this.depth -= 1;
    this.writer.writeFieldStop();
    this.writer.writeStructEnd();
  }

  private container(type: Container, { count, parts }: Shape): void {
    const isOutermost = this.containers === 0;
    const size = isOutermost ? Math.floor(count * this.scale) : this.depth < DEEPEST ? count : 0;
    this.beginContainer(type, size);
    this.containers += 1;
    const [first = PLAIN, second = PLAIN] = parts;
    for (let i = 0; i < size; i++) {
      if (isOutermost) this.share = i / size;
      if (type.kind === 'map') {
        this.value(type.key, first, i);
        this.value(type.value, second, i);
      } else this.value(type.element, first, i);
    }
    this.containers -= 1;
    this.endContainer(type);
  }

  private beginContainer(type: Container, size: number): void {
    const { writer } = this;
    if (type.kind === 'map') writer.writeMapBegin(tagOf(type.key), tagOf(type.value), size);
    else if (type.kind === 'set') writer.writeSetBegin(tagOf(type.element), size);
    else writer.writeListBegin(tagOf(type.element), size);
  }

  private endContainer({ kind }: Container): void {
    const { writer } = this;
    if (kind === 'map') writer.writeMapEnd();
    else if (kind === 'set') writer.writeSetEnd();
    else writer.writeListEnd();
  }

  private scalar(type: ThriftType, { style, size }: Shape, i: number): void {
    const { writer } = this;
    const value = scalarValue(type, style, i, size) as never;
    switch (type.kind) {
      case 'bool':
        return writer.writeBool(value);
      case 'i8':
        return writer.writeByte(value);
      case 'i16':
        return writer.writeI16(value);
      case 'i64':
        return writer.writeI64(value);
      case 'double':
        return writer.writeDouble(value);
      case 'string':
        return writer.writeString(value);
      case 'binary':
        return writer.writeBinary(value);
      case 'uuid':
        return writer.writeUuid(value);
      default:
        return writer.writeI32(value);
    }
  }
}
