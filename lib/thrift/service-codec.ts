import type { FunctionSchema, ThriftService } from '../idl/schema.js';
import type { StructCodec } from './compile/evaluate-codecs.js';
import { within } from './errors.js';
import { generatedCodecs, generatedI64 } from './generated-codecs.js';
import type { ReadLimits } from './limits.js';
import type { ProtocolName, ThriftReader, ThriftWriter } from './protocol.js';
import { compileStructs } from './struct-codecs.js';

/** Options of encoding and decoding. */
export interface CodecOptions {
  /**
   * What an i64 is read as. Default: what a generated module was made for, else `'bigint'`. With `'number'` a value beyond
   * ±(2^53 - 1) is refused (`limit-exceeded`).
   * Written are bigints, integers and `Int64` objects in either case.
   */
  readonly i64?: 'bigint' | 'number';
  /** What becomes of keys that the IDL does not declare, when writing. Default `'ignore'`; `'reject'` costs a look at every key. */
  readonly unknownKeys?: 'ignore' | 'reject';
  /**
   * Reads what the code of Apache's compilers reads, instead of refusing it. Default false.
   *
   * - A declared field of another wire type is passed over as if it were unknown.
   * - Of a field that comes several times, and of several members of a union, the last one stays.
   * - A union without a member, or with one that only a newer IDL knows, is an object without keys.
   * - Text that is not UTF-8 has U+FFFD in the place of what is not.
   *
   * Refused all the same: bytes that end too early, a required field that is missing (as in C++, Java and Go; Apache's Python and
   * Node do not look), elements of another type than the declared one (Apache's readers go astray in them), and what exceeds the limits.
   */
  readonly lenient?: boolean;
  /** Limits of the readers that `createReader` makes from the same options. They are not compiled in. */
  readonly limits?: Partial<ReadLimits>;
}

/** Encodes and decodes the arguments of one function. */
export interface MethodCodec {
  readonly name: string;
  readonly oneway: boolean;
  /**
   * Writes the arguments, an object keyed by parameter name; undefined stands for no arguments.
   *
   * @throws ThriftWriteError with a path that starts with the function's name; the writer then holds part of a message
   */
  write(writer: ThriftWriter, args: unknown): void;
  /**
   * Reads the arguments: an object with every parameter, in the order of the IDL; absent ones are undefined.
   *
   * @throws ThriftReadError with a path that starts with the function's name
   */
  read(reader: ThriftReader): Record<string, unknown>;
}

/** The codecs of a service's functions, inherited ones included, by name. */
export interface ServiceCodec {
  readonly service: ThriftService;
  readonly methods: ReadonlyMap<string, MethodCodec>;
}

const compiled = new WeakMap<ThriftService, Map<string, ServiceCodec>>();

/**
 * Compiles a service for one protocol: source is emitted and evaluated once per schema, protocol and options, and then shared.
 * A generated module has its codecs with it for some protocols, and then nothing is evaluated.
 *
 * @throws Error when the process forbids the evaluation of strings
 * @throws TypeError when a hand-made schema is not sound
 */
export function compileService(
  service: ThriftService,
  protocol: ProtocolName,
  options: CodecOptions = {},
): ServiceCodec {
  const { i64 = generatedI64(service.schema) ?? 'bigint', unknownKeys = 'ignore', lenient = false } = options;
  let variants = compiled.get(service);
  if (!variants) compiled.set(service, (variants = new Map<string, ServiceCodec>()));
  const key = `${protocol} ${i64} ${unknownKeys} ${lenient}`;
  let codec = variants.get(key);
  if (!codec) {
    const emit = { i64, unknownKeys, lenient };
    const structs = generatedCodecs(service.schema, protocol, emit) ?? compileStructs(service.schema, protocol, emit);
    const methods = [...service.functions.values()].map((fn) => methodCodec(fn, structs));
    codec = { service, methods: new Map(methods.map((method) => [method.name, method])) };
    variants.set(key, codec);
  }
  return codec;
}

function methodCodec({ name, oneway, args }: FunctionSchema, structs: ReadonlyMap<string, StructCodec>): MethodCodec {
  const codec = structs.get(args.id);
  if (!codec) throw new TypeError(`the schema does not declare the arguments of ${JSON.stringify(name)}`);
  return {
    name,
    oneway,
    write(writer, values) {
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
