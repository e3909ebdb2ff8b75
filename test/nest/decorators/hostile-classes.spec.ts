import 'reflect-metadata';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { handlerName } from '#lib/common/member-name.js';
import { findService } from '#lib/idl/find-service.js';
import { loadSchemaFromText } from '#lib/idl/load-schema.js';
import type { ThriftService } from '#lib/idl/schema.js';
import { patternsOf } from '#lib/nest/decorators/handler-metadata.js';
import { ThriftController } from '#lib/nest/decorators/thrift-controller.decorator.js';
import { ThriftMethod } from '#lib/nest/decorators/thrift-method.decorator.js';

const serviceOf = (...methods: string[]): ThriftService =>
  findService(
    loadSchemaFromText(`service Jobs { ${methods.map((name) => `oneway void ${name}()`).join(' ')} }`),
    'Jobs',
  );
const Jobs = serviceOf('run', 'toString');

type Class = abstract new () => object;
const any = (value: unknown): never => value as never;
/** Evaluates a class in another realm. */
const foreign = (source: string): Class => runInNewContext(source) as Class;

/** Decorates a class as the controller of a service, and returns the methods that became handlers. */
function handlersOf(service: ThriftService, target: unknown): string[] {
  ThriftController(service)(target as Class);
  const prototype = (target as Class).prototype as Record<string, object>;
  const names = [...service.functions.keys()];
  return names.filter((name) => patternsOf(prototype[handlerName(name, service.functions)]!) !== undefined);
}

describe('@ThriftController', () => {
  it.each<[what: string, make: () => unknown]>([
    ['of another realm', () => foreign('(class Controller { run() {} toString() {} })')],
    ['with a base class of another realm', () => class extends foreign('(class Base { run() {} })') { override toString(): string { return ''; } }], // prettier-ignore
    ['that extends null', () => foreign('(class Controller extends null { run() {} toString() {} })')],
  ])('takes a class %s', (_, make) => {
    expect(handlersOf(Jobs, make())).toEqual(['run', 'toString']);
  });

  it.each<[realm: string, make: () => unknown]>([
    ['this realm', () => class Controller { run(): void {} }], // prettier-ignore
    ['another realm', () => foreign('(class Controller { run() {} })')],
  ])('finds no handler in what every object has, in a class of %s', (_, make) => {
    expect(() => handlersOf(Jobs, make())).toThrow(
      /^@ThriftController: Controller has no handler for Jobs\.toString\./,
    );
  });

  it('handles methods with the names of members of objects', () => {
    class Controller {
      then_(): void {}
      emit(): void {}
      close(): void {}
      hasOwnProperty(): boolean {
        return true;
      }
      ['__proto__'](): void {}
    }
    const names = ['then', 'emit', 'close', 'hasOwnProperty', '__proto__'];
    expect(handlersOf(serviceOf(...names), Controller)).toEqual(names);
  });

  it('advises a decorated method for a oneway method named constructor', () => {
    class Controller {}
    expect(() => handlersOf(serviceOf('constructor'), Controller)).toThrow(
      "@ThriftController: Controller has no handler for Jobs.constructor. Decorate a method with @ThriftMethod(Jobs, 'constructor').",
    );
  });

  it.each<[got: string, target: unknown]>([
    ['an object', {}],
    ['a function', () => undefined],
  ])('refuses a target that is no class: %s', (got, target) => {
    expect(() => handlersOf(Jobs, target)).toThrow(
      new TypeError(`@ThriftController decorates a class, and got ${got}`),
    );
  });

  it.each([[null], ['jobs'], [5]])('refuses options that are no object: %p', (options) => {
    expect(() => ThriftController(Jobs, any(options))).toThrow(
      /^@ThriftController: the options must be an object, got /,
    );
  });
});

describe('@ThriftMethod', () => {
  const prototype = (members: string): object => foreign(`(class Jobs { ${members} })`).prototype as object;

  it.each<[what: string, members: string]>([
    ['nothing', ''],
    ['a getter', 'get run() { throw new Error("do not read me"); }'],
  ])('refuses a member that is no method: %s', (_, members) => {
    const target = prototype(members);
    const descriptor = Object.getOwnPropertyDescriptor(target, 'run');
    expect(() => ThriftMethod(Jobs, 'run')(target, 'run', any(descriptor))).toThrow(
      new TypeError('@ThriftMethod: Jobs.run is no method'),
    );
  });

  it('explains a standard decorator, which a compiler emits without experimentalDecorators', () => {
    const context = { kind: 'method', name: 'run', static: false };
    expect(() => ThriftMethod(Jobs, 'run')(() => undefined, any(context), any(undefined))).toThrow(
      /experimentalDecorators is off/,
    );
  });

  it.each([[undefined], [null], [Symbol('run')], [{}]])('refuses %p as the name of a method', (method) => {
    expect(() => ThriftMethod(Jobs, any(method))).toThrow(/^@ThriftMethod: the name of the method must be text, got /);
  });

  it.each([['__proto__'], ['constructor'], ['valueOf'], ['a\n\u202e']])(
    'knows no method %j that the IDL lacks',
    (method) => {
      expect(() => ThriftMethod(Jobs, method)).toThrow(/^@ThriftMethod: Jobs has no method "[^\n\u202e]+"\. /);
    },
  );
});

describe('a transport id that is no symbol', () => {
  it.each([['text'], [null], [5]])('is refused, since no strategy would get the handler: %p', (id) => {
    expect(() => ThriftMethod(Jobs, 'run', any(id))).toThrow(/^@ThriftMethod: the transport id must be a symbol, got /);
    expect(() => ThriftController(Jobs, { transportId: any(id) })).toThrow(
      /^@ThriftController: the transport id must be a symbol, got /,
    );
  });
});
