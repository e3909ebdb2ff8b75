/**
 * Defines the plain-data form of Thrift IDL. The parser and resolver produce this form; all other
 * modules consume it.
 *
 * Types are resolved: typedefs are replaced, references are ids into {@link Schema}. Names follow
 * the IDL grammar (`[A-Za-z_][A-Za-z0-9_.]*`). Collections keyed by names are Maps, so a struct
 * called `constructor` is an ordinary struct.
 */

/**
 * Lists the Thrift base types. `i8` is also spelled `byte` in IDL. `binary` is a byte string;
 * `string` is UTF-8 text.
 *
 * @publicApi
 */
export type BaseTypeName = 'bool' | 'i8' | 'i16' | 'i32' | 'i64' | 'double' | 'string' | 'binary' | 'uuid';

/**
 * Holds annotations in parentheses, `(key = "value", flag)`. A key without a value means `"1"`, as
 * in Apache's compiler.
 *
 * @publicApi
 */
export type Annotations = Readonly<Record<string, string>>;

/**
 * Represents a resolved type. `struct` and `enum` name an entry of {@link Schema.structs} or
 * {@link Schema.enums} by its id.
 *
 * @publicApi
 */
export type ThriftType =
  | { readonly kind: BaseTypeName }
  | { readonly kind: 'list'; readonly element: ThriftType }
  | { readonly kind: 'set'; readonly element: ThriftType }
  | { readonly kind: 'map'; readonly key: ThriftType; readonly value: ThriftType }
  | { readonly kind: 'struct'; readonly id: string }
  | { readonly kind: 'enum'; readonly id: string };

/**
 * Represents a resolved constant, in the value shapes that the codec returns.
 * - bool as boolean; i8, i16, i32, double and enum as number; i64 as bigint.
 * - string and uuid as string; binary as Buffer.
 * - list as array; set as Set; map as Map.
 * - struct and union as an object of the given fields.
 *
 * @publicApi
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

/**
 * Gives the requiredness as written. `default` means neither keyword: the field is written when
 * set, and may be absent on read.
 *
 * @publicApi
 */
export type Requiredness = 'required' | 'optional' | 'default';

/**
 * Describes a field of a struct, union or exception, or a parameter of a function.
 *
 * @publicApi
 */
export interface FieldSchema {
  /** The field id on the wire, -32768 to 32767. */
  readonly id: number;
  readonly name: string;
  readonly type: ThriftType;
  readonly requiredness: Requiredness;
  /** The declared default, converted to the field's type. */
  readonly defaultValue?: ConstValue;
  readonly annotations: Annotations;
  readonly doc?: string;
}

/**
 * Describes a struct, union or exception, or the implicit struct of a function's parameters.
 *
 * @publicApi
 */
export interface StructSchema {
  /** Unique in the schema: `program.Name`, or `program.Service.function_args` for parameters. */
  readonly id: string;
  readonly name: string;
  readonly kind: 'struct' | 'union' | 'exception' | 'args';
  /** In the order of declaration. */
  readonly fields: readonly FieldSchema[];
  readonly annotations: Annotations;
  readonly doc?: string;
}

/**
 * Describes an enum: names and their 32-bit values, in the order of declaration.
 *
 * @publicApi
 */
export interface EnumSchema {
  readonly id: string;
  readonly name: string;
  readonly values: ReadonlyMap<string, number>;
  readonly annotations: Annotations;
  readonly doc?: string;
}

/**
 * Describes a constant.
 *
 * @publicApi
 */
export interface ConstSchema {
  readonly id: string;
  readonly name: string;
  readonly type: ThriftType;
  readonly value: ConstValue;
  readonly doc?: string;
}

/**
 * Describes a function of a service.
 *
 * @publicApi
 */
export interface FunctionSchema {
  readonly name: string;
  /** True for `oneway` and for its old spelling `async`. */
  readonly oneway: boolean;
  /** The result type; absent for `void`. */
  readonly returns?: ThriftType;
  /** The parameters as a struct, which {@link Schema.structs} also contains under its id. */
  readonly args: StructSchema;
  readonly throws: readonly FieldSchema[];
  readonly annotations: Annotations;
  readonly doc?: string;
}

/**
 * Describes a service with its own functions. {@link ServiceSchema.extends} leads to inherited
 * functions.
 *
 * @publicApi
 */
export interface ServiceSchema {
  readonly id: string;
  readonly name: string;
  /** The id of the extended service. */
  readonly extends?: string;
  readonly functions: ReadonlyMap<string, FunctionSchema>;
  readonly annotations: Annotations;
  readonly doc?: string;
}

/**
 * Holds everything that a file and its includes declare. Maps are keyed by id.
 *
 * @publicApi
 */
export interface Schema {
  /** The program name of the root file (`backup` for `backup.thrift`). */
  readonly program: string;
  /** The files read, the root first. */
  readonly files: readonly string[];
  /** The `namespace` lines of the root file by scope: `java` → `com.example.backup`. */
  readonly namespaces: ReadonlyMap<string, string>;
  readonly structs: ReadonlyMap<string, StructSchema>;
  readonly enums: ReadonlyMap<string, EnumSchema>;
  readonly constants: ReadonlyMap<string, ConstSchema>;
  readonly services: ReadonlyMap<string, ServiceSchema>;
}

/**
 * Routes the calls of a function. The values come from the annotations `sqs.queue`, `sqs.group`,
 * `sqs.dedup` and `sqs.delay` of the function or its service.
 *
 * @publicApi
 */
export interface Routing {
  /** The name of a queue; absent if the client chooses the queue. */
  readonly queue?: string;
  /** The fields from a parameter to the message group id: `request`, `userId`. */
  readonly groupId?: readonly FieldSchema[];
  /** The fields from a parameter to the deduplication id. */
  readonly deduplicationId?: readonly FieldSchema[];
  readonly delaySeconds?: number;
}

/**
 * Represents one service of a schema, ready to serve or call: the contract for client and server.
 *
 * @publicApi
 */
export interface ThriftService {
  /**
   * The name in the IDL without the program: `BackupQueue`. TMultiplexedProtocol writes this name
   * as its prefix.
   */
  readonly name: string;
  /** The file that declares the service, for error messages. */
  readonly file: string;
  /**
   * All functions by name, including inherited functions. A redefinition hides the inherited
   * function.
   */
  readonly functions: ReadonlyMap<string, FunctionSchema>;
  /** The routing of each function's calls, by function name. */
  readonly routing: ReadonlyMap<string, Routing>;
  readonly annotations: Annotations;
  readonly schema: Schema;
}
