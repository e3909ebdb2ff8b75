/**
 * The plain-data form of Thrift IDL: what the parser and resolver produce and everything else consumes.
 *
 * Types are resolved: typedefs are gone, references are ids into {@link Schema}. Names come from the IDL grammar
 * (`[A-Za-z_][A-Za-z0-9_.]*`), and collections keyed by them are Maps, so a struct called `constructor` is only a struct.
 */

/** The Thrift base types. `i8` is also spelled `byte` in IDL; `binary` is a byte string, `string` is UTF-8 text. */
export type BaseTypeName = 'bool' | 'i8' | 'i16' | 'i32' | 'i64' | 'double' | 'string' | 'binary' | 'uuid';

/** Annotations in parentheses, `(key = "value", flag)`; a key without a value means `"1"`, as in Apache's compiler. */
export type Annotations = Readonly<Record<string, string>>;

/** A resolved type. `struct` and `enum` name an entry of {@link Schema.structs} or {@link Schema.enums} by its id. */
export type ThriftType =
  | { readonly kind: BaseTypeName }
  | { readonly kind: 'list'; readonly element: ThriftType }
  | { readonly kind: 'set'; readonly element: ThriftType }
  | { readonly kind: 'map'; readonly key: ThriftType; readonly value: ThriftType }
  | { readonly kind: 'struct'; readonly id: string }
  | { readonly kind: 'enum'; readonly id: string };

/**
 * A resolved constant, in the value shapes the codec yields: bool; i8 i16 i32 double enum as number; i64 as bigint; string and
 * uuid as string; binary as Buffer; list as array; set as Set; map as Map; struct and union as an object of the given fields.
 */
export type ConstValue =
  | boolean
  | number
  | bigint
  | string
  | Buffer
  | readonly ConstValue[]
  | ReadonlySet<ConstValue>
  | ReadonlyMap<ConstValue, ConstValue>
  | { readonly [field: string]: ConstValue };

/** `required`, `optional`, or neither written (`default`: written when set, not demanded on read). */
export type Requiredness = 'required' | 'optional' | 'default';

/** A field of a struct, union or exception, or a parameter of a function. */
export interface FieldSchema {
  /** The field id on the wire, -32768 to 32767. */
  readonly id: number;
  readonly name: string;
  readonly type: ThriftType;
  readonly requiredness: Requiredness;
  /** The declared default, already converted to the field's type. */
  readonly defaultValue?: ConstValue;
  readonly annotations: Annotations;
  readonly doc?: string;
}

/** A struct, union or exception; also the implicit struct of a function's parameters. */
export interface StructSchema {
  /** Unique in the schema: `program.Name`, and `program.Service.function_args` for parameters. */
  readonly id: string;
  readonly name: string;
  readonly kind: 'struct' | 'union' | 'exception' | 'args';
  /** In the order of declaration. */
  readonly fields: readonly FieldSchema[];
  readonly annotations: Annotations;
  readonly doc?: string;
}

/** An enum: names to 32-bit values, in the order of declaration. */
export interface EnumSchema {
  readonly id: string;
  readonly name: string;
  readonly values: ReadonlyMap<string, number>;
  readonly annotations: Annotations;
  readonly doc?: string;
}

/** A constant of the IDL. */
export interface ConstSchema {
  readonly id: string;
  readonly name: string;
  readonly type: ThriftType;
  readonly value: ConstValue;
  readonly doc?: string;
}

/** A function of a service. */
export interface FunctionSchema {
  readonly name: string;
  /** True for `oneway` and for its old spelling `async`. */
  readonly oneway: boolean;
  /** The result type; absent for `void`. */
  readonly returns?: ThriftType;
  /** The parameters as a struct (also found in {@link Schema.structs} under its id). */
  readonly args: StructSchema;
  readonly throws: readonly FieldSchema[];
  readonly annotations: Annotations;
  readonly doc?: string;
}

/** A service with its own functions; inherited ones are found through {@link ServiceSchema.extends}. */
export interface ServiceSchema {
  readonly id: string;
  readonly name: string;
  /** The id of the service it extends. */
  readonly extends?: string;
  readonly functions: ReadonlyMap<string, FunctionSchema>;
  readonly annotations: Annotations;
  readonly doc?: string;
}

/** Everything a file and its includes declare. Maps are keyed by id. */
export interface Schema {
  /** The program name of the root file (`backup` for `backup.thrift`). */
  readonly program: string;
  /** The files read, the root first. */
  readonly files: readonly string[];
  /** `namespace` lines of the root file by scope: `java` → `com.example.backup`. */
  readonly namespaces: ReadonlyMap<string, string>;
  readonly structs: ReadonlyMap<string, StructSchema>;
  readonly enums: ReadonlyMap<string, EnumSchema>;
  readonly constants: ReadonlyMap<string, ConstSchema>;
  readonly services: ReadonlyMap<string, ServiceSchema>;
}

/**
 * Where and how the calls of a function go: its annotations `sqs.queue`, `sqs.group`, `sqs.dedup` and `sqs.delay`, or those of its
 * service.
 */
export interface Routing {
  /** The name of a queue; absent where that is left to the client. */
  readonly queue?: string;
  /** The fields from a parameter to the message group id: `request`, `userId`. */
  readonly groupId?: readonly FieldSchema[];
  /** The fields to the deduplication id. */
  readonly deduplicationId?: readonly FieldSchema[];
  readonly delaySeconds?: number;
}

/** One service of a schema, ready to be served or called: the contract that client and server are given. */
export interface ThriftService {
  /** The name in the IDL, without the program: `BackupQueue`. It is the prefix that TMultiplexedProtocol writes. */
  readonly name: string;
  /** Where it was declared, for messages to people. */
  readonly file: string;
  /** All functions by name, inherited ones included; a redefinition hides the inherited function. */
  readonly functions: ReadonlyMap<string, FunctionSchema>;
  /** Where the calls of each function go, by its name. */
  readonly routing: ReadonlyMap<string, Routing>;
  readonly annotations: Annotations;
  readonly schema: Schema;
}

/** Marks what a type carries without any value having it. */
declare const stub: unique symbol;

/** A service of a generated module: to the compiler it also carries the interface of its oneway methods. */
export interface TypedService<Stub> extends ThriftService {
  readonly [stub]: Stub;
}
