import { handlerName } from '../../common/member-name.js';
import type { ThriftService } from '../../idl/schema.js';
import { addPattern, checkOneway, checkTransportId } from './handler-metadata.js';
import type { HandledArgs, HandledName, ThriftMethodDecorator } from './handler-types.js';

/**
 * Makes a method of a controller the handler of a oneway method, like `@EventPattern({ service,
 * method })` with types from the generated module:
 * - The method must exist in the service.
 * - The parameter that gets the payload must accept the arguments. Types cannot see
 *   `@Payload('request')`, so the type of any one argument is accepted too.
 * - `@Ctx()` may have the type of any {@link ThriftContext}.
 *
 * Without `@Payload()` and `@Ctx()` the first parameter gets the arguments and the second the
 * context. For a pipe that returns another type use `@EventPattern({ service, method })`. With a
 * service of `loadService` the types are not checked. Several of these decorators on one method make
 * it the handler of several oneway methods.
 *
 * @example
 * \@ThriftMethod(BackupQueue, 'startBackup')
 * async startBackup({ request }: StartBackupArgs, ctx: ThriftContext): Promise<void> {}
 * @param service a service of a generated module, or of `loadService`
 * @param method the oneway method that is handled
 * @param transportId binds the handler to the strategy with this option `transportId` alone.
 *   Default: every strategy with the service
 * @throws TypeError the service has no such oneway method, the handler is no method of instances, or
 *   others call its name
 * @publicApi
 */
export function ThriftMethod<Service extends ThriftService, const Method extends HandledName<Service>>(
  service: Service,
  method: Method,
  transportId?: symbol,
): ThriftMethodDecorator<HandledArgs<Service, Method>> {
  checkOneway('@ThriftMethod', service, method);
  checkTransportId('@ThriftMethod', transportId);
  return (target, key, descriptor) => {
    checkPlace(target, key, descriptor);
    addPattern({ prototype: target, key, descriptor }, { service: service.name, method }, transportId);
  };
}

/** @throws TypeError the decorator stands on something that Nest cannot call, or that others call */
function checkPlace(target: object, key: string | symbol, descriptor: PropertyDescriptor | undefined): void {
  if (typeof (key as unknown) === 'object') {
    throw new TypeError('@ThriftMethod: the compiler option experimentalDecorators is off, and Nest needs it');
  }
  const name = String(key);
  if (typeof target === 'function') {
    throw new TypeError(`@ThriftMethod: ${target.name}.${name} is static, and Nest calls instances`);
  }
  if (typeof descriptor?.value !== 'function') {
    throw new TypeError(`@ThriftMethod: ${target.constructor.name}.${name} is no method`);
  }
  if (typeof key !== 'string' || handlerName(key, new Set()) === key) return;
  throw new TypeError(
    `@ThriftMethod: ${target.constructor.name}.${key} has a name that Nest or await calls by itself. Give the handler another name.`,
  );
}
