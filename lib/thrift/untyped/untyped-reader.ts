import { isUtf8 } from 'node:buffer';
import { ThriftReadError, within } from '../errors.js';
import { TType, type ProtocolName, type ThriftReader } from '../protocol.js';
import { typeName } from '../type-names.js';

/**
 * Represents a type as it appears on the wire. An enum is an `i32`, `binary` is bytes that are not
 * UTF-8, and a union is a struct.
 *
 * @publicApi
 */
export type UntypedType =
  'bool' | 'i8' | 'i16' | 'i32' | 'i64' | 'double' | 'string' | 'binary' | 'uuid' | 'struct' | 'list' | 'set' | 'map';

/**
 * Represents a value without its IDL.
 *
 * Base values match the codecs: i64 as bigint, uuid as lower-case text. The wire does not
 * distinguish text from bytes. Bytes that are valid UTF-8 become `string`, others `binary`. In the
 * JSON protocol all of them are text, with binary in base64.
 *
 * @publicApi
 */
export type UntypedValue =
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'i8' | 'i16' | 'i32' | 'double'; readonly value: number }
  | { readonly type: 'i64'; readonly value: bigint }
  | { readonly type: 'string' | 'uuid'; readonly value: string }
  | { readonly type: 'binary'; readonly value: Buffer }
  | { readonly type: 'struct'; readonly fields: readonly UntypedField[] }
  | { readonly type: 'list' | 'set'; readonly element?: UntypedType; readonly items: readonly UntypedValue[] }
  | {
      readonly type: 'map';
      /**
       * The types of keys and values. Absent where the wire omits them, as in the compact protocol
       * for an empty map.
       */
      readonly key?: UntypedType;
      readonly value?: UntypedType;
      readonly entries: readonly (readonly [key: UntypedValue, value: UntypedValue])[];
    };

/**
 * Represents one field, in the order of the wire. A field that occurs twice is listed twice.
 *
 * @publicApi
 */
export interface UntypedField {
  readonly id: number;
  readonly value: UntypedValue;
}

/** Maps tags to types. Text and bytes share a tag; only the value distinguishes them. */
const NAMES = new Map<number, UntypedType>([
  [TType.BOOL, 'bool'],
  [TType.I08, 'i8'],
  [TType.I16, 'i16'],
  [TType.I32, 'i32'],
  [TType.I64, 'i64'],
  [TType.DOUBLE, 'double'],
  [TType.STRING, 'string'],
  [TType.UUID, 'uuid'],
  [TType.STRUCT, 'struct'],
  [TType.LIST, 'list'],
  [TType.SET, 'set'],
  [TType.MAP, 'map'],
]);

/**
 * Lists the protocols that carry strings only. Only the IDL specifies which strings are bytes in
 * base64.
 */
const TEXT_ONLY: ReadonlySet<string> = new Set(['json']);

/** Reads the values of the messages of one body into trees. */
export class UntypedReader {
  /**
   * @param elements the maximum number of values in all trees together. The reader's own budget
   *   excludes base-typed fields of structs, because a codec keeps only the fields that its IDL
   *   declares. Here every field becomes an object.
   */
  constructor(
    private readonly reader: ThriftReader,
    private readonly protocol: ProtocolName,
    private readonly elements: number,
  ) {
    this.left = elements;
  }

  private left: number;

  /** Reads the fields of the current struct. */
  readFields(): UntypedField[] {
    const { reader } = this;
    const fields: UntypedField[] = [];
    reader.readStructBegin();
    for (;;) {
      const { ftype, fid } = reader.readFieldBegin();
      if (ftype === TType.STOP) break;
      fields.push({ id: fid, value: this.step(String(fid), ftype) });
      reader.readFieldEnd();
    }
    reader.readStructEnd();
    return fields;
  }

  private step(step: string | number, type: number): UntypedValue {
    try {
      return this.readValue(type);
    } catch (error) {
      throw within(error, step);
    }
  }

  private readValue(tag: number): UntypedValue {
    if (--this.left < 0) {
      const detail = `the body holds more than ${this.elements} values`;
      throw new ThriftReadError('limit-exceeded', detail, 'elements');
    }
    const { reader } = this;
    const type = NAMES.get(tag);
    switch (type) {
      case 'bool':
        return { type, value: reader.readBool() };
      case 'i8':
        return { type, value: reader.readByte() };
      case 'i16':
        return { type, value: reader.readI16() };
      case 'i32':
        return { type, value: reader.readI32() };
      case 'i64':
        return { type, value: this.readI64() };
      case 'double':
        return { type, value: reader.readDouble() };
      case 'string':
        return this.readText();
      case 'uuid':
        return { type, value: reader.readUuid() };
      default:
        return this.readComposite(tag);
    }
  }

  private readComposite(tag: number): UntypedValue {
    const { reader } = this;
    switch (tag) {
      case TType.STRUCT:
        return { type: 'struct', fields: this.readFields() };
      case TType.LIST:
        return { type: 'list', ...this.readItems(reader.readListBegin(), () => reader.readListEnd()) };
      case TType.SET:
        return { type: 'set', ...this.readItems(reader.readSetBegin(), () => reader.readSetEnd()) };
      case TType.MAP:
        return this.readMap();
      default:
        throw new ThriftReadError('type-mismatch', `a value of ${typeName(tag)}, which Thrift does not have`);
    }
  }

  private readI64(): bigint {
    const { buffer, offset } = this.reader.readI64();
    return new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength).getBigInt64(offset);
  }

  private readText(): UntypedValue {
    if (TEXT_ONLY.has(this.protocol)) return { type: 'string', value: this.reader.readString() };
    const bytes = this.reader.readBinary();
    return isUtf8(bytes) ? { type: 'string', value: bytes.toString() } : { type: 'binary', value: bytes };
  }

  private readItems(
    { etype, size }: { etype: number; size: number },
    end: () => void,
  ): { element?: UntypedType; items: UntypedValue[] } {
    const items: UntypedValue[] = [];
    for (let i = 0; i < size; i++) items.push(this.step(i, etype));
    end();
    const element = NAMES.get(etype);
    return element ? { element, items } : { items };
  }

  private readMap(): UntypedValue {
    const { ktype, vtype, size } = this.reader.readMapBegin();
    const entries: [UntypedValue, UntypedValue][] = [];
    for (let i = 0; i < size; i++) entries.push([this.step(`[key ${i}]`, ktype), this.step(`[value ${i}]`, vtype)]);
    this.reader.readMapEnd();
    const key = NAMES.get(ktype);
    const value = NAMES.get(vtype);
    return { type: 'map', ...(key && { key }), ...(value && { value }), entries };
  }
}
