import type { Type } from '@nestjs/common';
import type { ModulesContainer } from '@nestjs/core';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { ThriftService } from '../../idl/schema.js';
import { describeOption } from '../../common/option-names.js';
import { printable } from '../../common/printable.js';
import { checkService } from '../../event/contract.js';

/** Names the keys of Nest's metadata. Nest exports them from no index. */
const PATTERN = 'microservices:pattern';
const HANDLER_TYPE = 'microservices:handler_type';
const TRANSPORT = 'microservices:transport';
const PARAMETERS = '__routeArguments__';

type Method = (...parameters: unknown[]) => unknown;

/** Names a method of a service in a pattern. Services may share method names. */
export interface ServicePattern {
  readonly service: string;
  readonly method: string;
}

/**
 * Checks that a service has a oneway method.
 *
 * @throws TypeError the first argument is no service, or the service has no such oneway method
 */
export function checkOneway(decorator: string, service: ThriftService, method: string): void {
  checkService(decorator, service);
  if (typeof method !== 'string') {
    throw new TypeError(`${decorator}: the name of the method must be text, got ${describeOption(method)}`);
  }
  const fn = service.functions.get(method);
  if (fn?.oneway) return;
  if (fn) {
    throw new TypeError(
      `${decorator}: ${service.name}.${method} is not oneway, so no queue can carry it. Declare it "oneway void" in ${service.file}.`,
    );
  }
  throw new TypeError(
    `${decorator}: ${service.name} has no method ${printable(method)}. Its oneway methods: ${onewayNames(service)}.`,
  );
}

function onewayNames({ functions }: ThriftService): string {
  const names = [...functions.values()].filter(({ oneway }) => oneway).map(({ name }) => name);
  return names.join(', ') || 'none';
}

/**
 * Checks that a transport id is a symbol. Nest would bind a handler with another value to no strategy.
 *
 * @throws TypeError the transport id is something else
 */
export function checkTransportId(decorator: string, transportId: symbol | undefined): void {
  if (transportId === undefined || typeof transportId === 'symbol') return;
  throw new TypeError(`${decorator}: the transport id must be a symbol, got ${describeOption(transportId)}`);
}

/** Returns the patterns of a handler; undefined for a method that is no handler yet. */
export function patternsOf(method: object): readonly unknown[] | undefined {
  if (Reflect.getMetadata(HANDLER_TYPE, method) === undefined) return undefined;
  return Reflect.getMetadata(PATTERN, method) as readonly unknown[];
}

/** Returns the patterns of all handlers of an application that are pinned to a transport. */
export function pinnedPatterns(modules: ModulesContainer, transportId: symbol): unknown[] {
  const controllers = [...modules.values()].flatMap((module) => [...module.controllers.values()]);
  const methods = controllers.flatMap(({ metatype }) => methodsOf((metatype as Type | null)?.prototype as object));
  return methods.flatMap((method) =>
    Reflect.getMetadata(TRANSPORT, method) === transportId ? [...(patternsOf(method) ?? [])] : [],
  );
}

/** Returns the methods of a class and of its base classes. */
function methodsOf(prototype: object | undefined): Method[] {
  if (!prototype || prototype === Object.prototype) return [];
  const own = Object.values(Object.getOwnPropertyDescriptors(prototype)).map(({ value }) => value as unknown);
  const methods = own.filter((value): value is Method => typeof value === 'function');
  return [...methods, ...methodsOf(Object.getPrototypeOf(prototype) as object)];
}

/** Locates a method of a class, as a method decorator gets it. */
export interface DecoratedMethod {
  readonly prototype: object;
  readonly key: string | symbol;
  /** Holds the method. A decorator below may have replaced the method of the prototype. */
  readonly descriptor: PropertyDescriptor;
}

/**
 * Makes a method a handler of one more pattern. Without parameter decorators the first parameter
 * gets the arguments and the second the context.
 *
 * @throws TypeError the method handles other patterns of another transport
 */
export function addPattern(decorated: DecoratedMethod, pattern: ServicePattern, transportId?: symbol): void {
  const { prototype, key, descriptor } = decorated;
  const method = descriptor.value as Method;
  const patterns = patternsOf(method) ?? [];
  if (patterns.length > 0 && Reflect.getMetadata(TRANSPORT, method) !== transportId) {
    throw new TypeError(
      `${prototype.constructor.name}.${String(key)} handles methods of two transports. Nest binds a handler to one; write a handler for each.`,
    );
  }
  EventPattern<readonly unknown[]>([...patterns, pattern], transportId)(prototype, key, descriptor);
  if (Reflect.getMetadata(PARAMETERS, prototype.constructor, key) !== undefined) return;
  Payload()(prototype, key, 0);
  Ctx()(prototype, key, 1);
}

/**
 * Gives a class its own copy of an inherited method, with the metadata of the method. Another
 * subclass may handle other calls with the method of the base class.
 */
export function ownMethod(prototype: object, key: string, inherited: Method): void {
  const own = function (this: unknown, ...parameters: unknown[]): unknown {
    return Reflect.apply(inherited, this, parameters);
  };
  for (const name of Reflect.getMetadataKeys(inherited) as unknown[]) {
    Reflect.defineMetadata(name, Reflect.getMetadata(name, inherited), own);
  }
  Object.defineProperty(own, 'name', { value: inherited.name });
  Object.defineProperty(prototype, key, { value: own, writable: true, configurable: true });
}
