import type { ThriftRecord, ThriftRecordBuilder } from '../thrift.record-builder.js';

/** True if the methods of a client are not known at compile time. */
type IsUntyped<Methods> = string extends keyof Methods ? true : false;

/** Accepts arguments bare, or in a record with options, or in the builder of a record. */
type EmitData<Args> = Args | ThriftRecord<Args> | ThriftRecordBuilder<Args>;

/** Names the methods that a client can emit. */
export type MethodName<Methods> = IsUntyped<Methods> extends true ? unknown : keyof Methods & string;

/** Names the methods that a client can emit without arguments. */
export type BareMethodName<Methods> =
  IsUntyped<Methods> extends true
    ? unknown
    : { [Method in keyof Methods]: object extends ArgsOf<Methods, Method> ? Method : never }[keyof Methods] & string;

/**
 * Stands in for a type argument that is not inferred. It is the result of an untyped client, as in
 * `emit<string>(…)` of Nest.
 */
export type DefaultName<Methods> = IsUntyped<Methods> extends true ? string : never;

/** Accepts a method as `'method'` or `{ service, method }`. An untyped client checks it later. */
export type MethodPattern<Methods, Method> =
  IsUntyped<Methods> extends true
    ? unknown
    : Method | { readonly service?: string | undefined; readonly method: Method };

/** Accepts a method without its arguments, as {@link MethodPattern} does with them. */
export type BarePattern<Methods, Method> = [BareMethodName<Methods>] extends [never]
  ? { readonly 'emit needs the arguments of the method': keyof Methods }
  : MethodPattern<Methods, Method>;

type ArgsOf<Methods, Method> = Method extends keyof Methods
  ? Methods[Method] extends { readonly emit: infer Args }
    ? Args
    : never
  : never;

/** Accepts the arguments of a method. `TInput` types them on an untyped client. */
export type MethodData<Methods, Method, TInput = unknown> =
  IsUntyped<Methods> extends true ? TInput : EmitData<NoExtraKeys<ArgsOf<Methods, Method>>>;

/** Refuses keys for a method without parameters. TypeScript lets an empty interface accept any. */
type NoExtraKeys<Args> = keyof Args extends never ? { readonly [parameter: string]: never } : Args;

/** Gives the result of `emit`: the message id, or the first type argument on an untyped client. */
export type EmitResult<Methods, Name, Id> = IsUntyped<Methods> extends true ? Name : Id;

/** Refuses a service whose methods the client does not have. */
export type OfferedBy<Methods, ServiceMethods> =
  IsUntyped<Methods> extends true
    ? unknown
    : Methods extends ServiceMethods
      ? unknown
      : { 'this client has no such service; it has the methods': keyof Methods };
