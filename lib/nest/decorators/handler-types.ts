import type { BaseRpcContext } from '@nestjs/microservices';
import type { ThriftService } from '../../idl/schema.js';
import type { TypedService } from '../../idl/typed-service.js';
import type { ThriftContext } from '../thrift.context.js';

/** Gives the methods of a service; never without generated types. */
type MethodsOf<Service> = Service extends TypedService<infer Methods> ? Methods : never;

/** Names the oneway methods of a service. A loaded service accepts every name at compile time. */
export type HandledName<Service extends ThriftService> = [MethodsOf<Service>] extends [never]
  ? string
  : keyof MethodsOf<Service> & string;

/** Gives the arguments that the handler of a method gets. */
export type HandledArgs<Service extends ThriftService, Method> = ArgsIn<MethodsOf<Service>, Method>;

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a loaded service has no types
type Unchecked = any;

type ArgsIn<Methods, Method> = [Methods] extends [never]
  ? Unchecked
  : Method extends keyof Methods
    ? Methods[Method] extends { readonly handle: infer Args }
      ? Args
      : never
    : never;

/** Any method of a class. `never` parameters accept all functions. */
type AnyHandler = (...parameters: never[]) => unknown;

/** True if a parameter can take all arguments of a call, or one of them by `@Payload(name)`. */
type TakesPayload<Args, Parameter> = [Args] extends [Parameter]
  ? true
  : true extends { [Name in keyof Args]: [Args[Name]] extends [Parameter] ? true : false }[keyof Args]
    ? true
    : false;

/** True if a parameter is a context of this transport, or a base class of one. */
type IsContext<Parameter> = [Parameter] extends [ThriftContext]
  ? true
  : [ThriftContext] extends [Parameter]
    ? true
    : false;

/** True if a parameter is a context of another transport. */
type IsForeignContext<Parameter> = [Parameter] extends [BaseRpcContext]
  ? IsContext<Parameter> extends true
    ? false
    : true
  : false;

type PayloadFault<Args> = { 'the parameter must accept the arguments of the method': Args };
type ContextFault = { 'the context must be a ThriftContext': ThriftContext };

/**
 * Gives `unknown` for parameters that fit the arguments, and else a type that names the fault. The
 * payload and the context are the first two parameters, in either order. Further parameters are
 * free, for decorators of the application.
 */
type ParameterFault<Args, Parameters extends readonly unknown[]> = Parameters extends readonly [
  infer First,
  ...infer Rest,
]
  ? TakesPayload<Args, First> extends true
    ? IsForeignContext<Rest[0]> extends true
      ? ContextFault
      : unknown
    : IsContext<First> extends true
      ? Rest extends readonly [infer Second, ...unknown[]]
        ? TakesPayload<Args, Second> extends true
          ? unknown
          : PayloadFault<Args>
        : unknown
      : IsForeignContext<First> extends true
        ? ContextFault
        : PayloadFault<Args>
  : unknown;

/** Checks the parameters of a handler. Optional parameters count as given. */
type HandlerFault<Args, Handler> = Handler extends (...parameters: infer Given) => unknown
  ? ParameterFault<Args, Required<Given>>
  : { 'the handler must be a method': Args };

/**
 * Decorates a method whose parameters fit the arguments of a call.
 *
 * @publicApi
 */
export type ThriftMethodDecorator<Args> = <Handler extends AnyHandler>(
  target: object,
  key: string | symbol,
  descriptor: TypedPropertyDescriptor<Handler> & HandlerFault<Args, Handler>,
) => void;

/** Names the methods of a class whose parameters do not fit the methods of the service. */
type UnfitNames<Methods, Instance> = {
  [Name in keyof Methods & keyof Instance]: unknown extends HandlerFault<ArgsIn<Methods, Name>, Instance[Name]>
    ? never
    : Name;
}[keyof Methods & keyof Instance];

/** Gives `unknown` for a class whose methods fit, and else a type that names the faulty methods. */
export type ControllerFault<Service extends ThriftService, Instance> = [
  UnfitNames<MethodsOf<Service>, Instance>,
] extends [never]
  ? unknown
  : { 'these handlers do not accept the arguments of their methods': UnfitNames<MethodsOf<Service>, Instance> };
