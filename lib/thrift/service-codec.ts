import type { FunctionSchema, ThriftService } from '../idl/schema.js';
import type { StructCodec } from './compile/evaluate-codecs.js';
import { within } from './errors.js';
import { generatedCodecs, generatedI64 } from './generated-codecs.js';
import type { ThriftLimitOptions } from './limits.js';
import type { ProtocolName, ThriftReader, ThriftWriter } from './protocol.js';
import { compileArguments } from './struct-codecs.js';
import type { UnknownFields } from './unknown-fields.js';

/**
 * Options for encoding and decoding.
 *
 * @publicApi
 */
export interface CodecOptions {
  /**
   * Sets the type of an i64 on read. Default: the type that a generated module was generated for,
   * else `'bigint'`. `'number'` rejects a value beyond ±(2^53 - 1) with `limit-exceeded`. Writing
   * accepts bigints, integers and `Int64` objects in both modes.
   */
  readonly i64?: 'bigint' | 'number' | undefined;
  /**
   * Decides about keys that the IDL does not declare, when writing. `error` fails the write of
   * structs at any depth and of arguments. `ignore` leaves the keys out. Keys with the value
   * undefined or a function always pass. Default `error`.
   */
  readonly unknownFields?: UnknownFields | undefined;
  /**
   * Writes the default of a field or argument that is not set, as Apache's Python, C++ and Java do, so that
   * the writer's IDL decides. Otherwise the default of the reader's IDL holds. Required fields are written
   * in both cases, and members of unions in none. Default false.
   */
  readonly writeDefaults?: boolean | undefined;
  /**
   * Accepts input that the code of Apache's compilers accepts, instead of rejecting it. Default
   * false.
   * - A declared field of another wire type is skipped like an unknown field.
   * - The last occurrence of a repeated field wins, and the last of several members of a union.
   * - A union without a member, or with a member that only a newer IDL declares, is an object
   *   without keys.
   * - U+FFFD replaces bytes that are not UTF-8.
   *
   * Still rejected: truncated bytes, missing required fields, elements of another type, and values
   * over the limits. Apache's C++, Java and Go also reject missing required fields; Apache's Python
   * and Node do not check. Apache's readers misread elements of another type.
   */
  readonly lenient?: boolean | undefined;
  /**
   * Limits bodies, in both directions: a worker rejects a body beyond them, and a client fails a call
   * beyond them with a `ThriftWriteError`. Packed bodies end before they exceed them. The limits are not
   * compiled in. Default: see {@link ThriftLimits}.
   */
  readonly limits?: ThriftLimitOptions | undefined;
}

/** Encodes and decodes the arguments of one oneway function. */
export interface MethodCodec {
  readonly name: string;
  /**
   * Writes the arguments, an object keyed by parameter name. Undefined means no arguments.
   *
   * @throws ThriftWriteError with a path that starts with the function's name; the writer then
   *   holds part of a message
   */
  write(writer: ThriftWriter, args: unknown): void;
  /**
   * Reads the arguments: an object with every parameter, in the order of the IDL. Absent parameters
   * are undefined.
   *
   * @throws ThriftReadError with a path that starts with the function's name
   */
  read(reader: ThriftReader): Record<string, unknown>;
}

/** Holds the codecs of a service's oneway functions by name, including inherited functions. */
export interface ServiceCodec {
  readonly service: ThriftService;
  readonly methods: ReadonlyMap<string, MethodCodec>;
}

const compiled = new WeakMap<ThriftService, Map<string, ServiceCodec>>();

/**
 * Compiles the oneway functions of a service for one protocol. Emits and evaluates source once per
 * schema, protocol and options, and shares the result. A generated module includes its codecs for some protocols, which
 * need no evaluation.
 *
 * @throws Error when the process forbids the evaluation of strings
 * @throws TypeError a default does not fit the option `i64: 'number'`, or a hand-made schema is invalid
 */
export function compileService(
  service: ThriftService,
  protocol: ProtocolName,
  options: CodecOptions = {},
): ServiceCodec {
  const { i64 = generatedI64(service.schema) ?? 'bigint', unknownFields = 'error' } = options;
  const { lenient = false, writeDefaults = false } = options;
  let variants = compiled.get(service);
  if (!variants) compiled.set(service, (variants = new Map<string, ServiceCodec>()));
  const key = `${protocol} ${i64} ${unknownFields} ${lenient} ${writeDefaults}`;
  let codec = variants.get(key);
  if (!codec) {
    const emit = { i64, lenient };
    const structs = generatedCodecs(service.schema, protocol, emit) ?? compileArguments(service.schema, protocol, emit);
    const oneway = [...service.functions.values()].filter((fn) => fn.oneway);
    const methods = oneway.map((fn) => methodCodec(fn, structs, { unknownFields, writeDefaults }));
    codec = { service, methods: new Map(methods.map((method) => [method.name, method])) };
    variants.set(key, codec);
  }
  return codec;
}

function methodCodec(
  { name, args }: FunctionSchema,
  structs: ReadonlyMap<string, StructCodec>,
  { unknownFields, writeDefaults }: Required<Pick<ThriftWriter, 'unknownFields' | 'writeDefaults'>>,
): MethodCodec {
  const codec = structs.get(args.id);
  if (!codec) throw new TypeError(`the schema does not declare the arguments of ${JSON.stringify(name)}`);
  return {
    name,
    write(writer, values) {
      writer.unknownFields = unknownFields;
      writer.writeDefaults = writeDefaults;
      try {
        codec.write(writer, values ?? {});
      } catch (error) {
        throw within(error, name);
      }
    },
    read(reader) {
      try {
        return codec.read(reader) as Record<string, unknown>;
      } catch (error) {
        throw within(error, name);
      }
    },
  };
}
