import { Controller, type ControllerOptions } from '@nestjs/common';
import { describeOption } from '../../common/option-names.js';
import type { ThriftService } from '../../idl/schema.js';
import { handlerName } from '../../common/member-name.js';
import { checkService } from '../../event/contract.js';
import { methodName } from '../pattern.js';
import { addPattern, checkTransportId, ownMethod, patternsOf } from './handler-metadata.js';
import type { ControllerFault } from './handler-types.js';

/** Configures {@link ThriftController}: the options of Nest's `@Controller()`, and `transportId`. */
interface ThriftControllerOptions extends ControllerOptions {
  /**
   * Binds the handlers to the strategy with this option `transportId` alone. Default: every strategy
   * with the service.
   */
  readonly transportId?: symbol | undefined;
}

/**
 * Decorates a class whose methods fit the oneway methods of a service.
 *
 * @publicApi
 */
export type ThriftControllerDecorator<Service extends ThriftService> = <
  Class extends abstract new (...dependencies: never[]) => object,
>(
  target: Class & ControllerFault<Service, InstanceType<Class>>,
) => void;

type Method = (...parameters: unknown[]) => unknown;

/**
 * Makes a class the controller of a service. Each oneway method of the service, inherited methods
 * included, is handled by the method of the same name, which needs no decorator. A name that a runtime
 * or Nest calls by itself, such as `then` or `onModuleInit`, gets an underscore. The first parameter
 * gets the arguments and its second the context, unless it has parameter decorators. Guards, pipes,
 * interceptors and filters work as on any handler. The class should implement the `…Handlers`
 * interface of the generated module, so that a missing method does not compile.
 *
 * A method with its own `@ThriftMethod()` or `@EventPattern()` keeps it, whatever its name, and
 * counts as the handler of that oneway method. A `@Controller('path')` on the class, for its HTTP
 * routes, stays in force if this decorator gets no options of a controller.
 *
 * @example
 * \@ThriftController(BackupQueue)
 * export class BackupController implements BackupQueueHandlers<ThriftContext> {
 *   async startBackup({ request }: StartBackupArgs, ctx: ThriftContext): Promise<void> {}
 * }
 * @throws TypeError a oneway method has no handler; names each of them
 * @publicApi
 */
export function ThriftController<Service extends ThriftService>(
  service: Service,
  input: ThriftControllerOptions = {},
): ThriftControllerDecorator<Service> {
  checkService('@ThriftController', service);
  if (typeof input !== 'object' || input === null) {
    throw new TypeError(`@ThriftController: the options must be an object, got ${describeOption(input)}`);
  }
  const { transportId, ...options } = input;
  checkTransportId('@ThriftController', transportId);
  return (target) => {
    const prototype = prototypeOf(target);
    const methods = methodsOf(prototype);
    const decorated = decoratedMethods(methods, service);
    const missing: string[] = [];
    for (const { name, oneway } of service.functions.values()) {
      if (!oneway || decorated.has(name)) continue;
      const member = handlerName(name, service.functions);
      const method = methods.get(member);
      if (method === undefined || patternsOf(method) !== undefined) missing.push(name);
      else handle(prototype, method, { service, name, member, transportId });
    }
    if (missing.length > 0) throw new TypeError(missingText(target.name, service, missing));
    makeController(target, options);
  };
}

/** Key of Nest's metadata that marks a class as a controller. Nest exports the key from no index. */
const CONTROLLER = '__controller__';

/** Makes a class a controller. A controller keeps its own `@Controller()`, unless there are options. */
function makeController(target: object, options: ControllerOptions): void {
  if (Reflect.hasOwnMetadata(CONTROLLER, target) && Object.keys(options).length === 0) return;
  Controller(options)(target as new () => object);
}

interface Handled {
  readonly service: ThriftService;
  readonly name: string;
  /** Name of the method of the class. */
  readonly member: string;
  readonly transportId: symbol | undefined;
}

function handle(prototype: object, method: Method, { service, name, member, transportId }: Handled): void {
  if (!Object.hasOwn(prototype, member)) ownMethod(prototype, member, method);
  const descriptor = Object.getOwnPropertyDescriptor(prototype, member)!;
  addPattern({ prototype, key: member, descriptor }, { service: service.name, method: name }, transportId);
}

/** Returns the methods of the service that methods with their own decorators handle. */
function decoratedMethods(methods: ReadonlyMap<string, Method>, service: ThriftService): ReadonlySet<string> {
  const names = new Set<string>();
  for (const method of methods.values()) {
    for (const pattern of patternsOf(method) ?? []) {
      const found = methodName(pattern);
      if (found && (found.service ?? service.name) === service.name) names.add(found.method);
    }
  }
  return names;
}

/** @throws TypeError the target is no class */
function prototypeOf(target: unknown): object {
  const { prototype } = target as { readonly prototype?: unknown };
  if (typeof prototype === 'object' && prototype !== null) return prototype;
  throw new TypeError(`@ThriftController decorates a class, and got ${describeOption(target)}`);
}

/** Returns the methods of a class and its base classes, by name. */
function methodsOf(prototype: object): ReadonlyMap<string, Method> {
  const methods = new Map<string, Method>();
  for (let at: object | null = prototype; at && !isObjectPrototype(at); at = Object.getPrototypeOf(at) as object) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
      const isMethod = typeof value === 'function' && name !== 'constructor';
      if (isMethod && !methods.has(name)) methods.set(name, value as Method);
    }
  }
  return methods;
}

/** True for `Object.prototype` of any realm. */
function isObjectPrototype(value: object): boolean {
  return Object.getPrototypeOf(value) === null && Object.hasOwn(value, 'isPrototypeOf');
}

function missingText(controller: string, service: ThriftService, missing: readonly string[]): string {
  const names = missing.map((name) => `${service.name}.${name}`).join(', ');
  const first = missing[0]!;
  const member = handlerName(first, service.functions);
  // No method of a class can have the name of its constructor.
  const advice = first === 'constructor' ? 'Decorate a' : `Add a method ${member}(args, context), or decorate another`;
  return `@ThriftController: ${controller} has no handler for ${names}. ${advice} method with @ThriftMethod(${service.name}, '${first}').`;
}
