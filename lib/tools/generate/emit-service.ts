import type { FieldSchema, FunctionSchema, ServiceSchema } from '../../idl/schema.js';
import { emitStruct } from './emit-struct.js';
import { NameGiver, type ServiceNames } from './identifiers.js';
import type { ModuleScope } from './module-scope.js';
import { block, docLines, statement } from './statement.js';
import { inputType } from './type-text.js';

/**
 * Emits the types of a service: the arguments of its own oneway functions, the client's stub, and
 * the handlers.
 */
export function emitService(scope: ModuleScope, service: ServiceSchema): string[][] {
  const names = serviceNames(scope, service);
  const oneway = [...service.functions.values()].filter((fn) => fn.oneway);
  const base = service.extends;
  const client = base === undefined ? '' : ` extends ${scope.serviceName(base, 'client')}`;
  const handlers = base === undefined ? '' : ` extends ${scope.serviceName(base, 'handlers')}<Context>`;
  return [
    ...oneway.flatMap((fn) => emitStruct(scope, fn.args, `The arguments of ${service.name}.${fn.name}.`)),
    statement(
      `Calls the oneway functions of ${service.name}. Each call resolves with the id of the stored message.`,
      block(
        `export interface ${names.client}${client} {`,
        oneway.flatMap((fn) => stubMethod(scope, fn)),
      ),
    ),
    statement(
      `Handles the oneway functions of ${service.name}. Controllers implement this interface.`,
      block(
        `export interface ${names.handlers}<Context = unknown>${handlers} {`,
        oneway.flatMap((fn) => handlerMethod(scope, fn)),
      ),
    ),
  ];
}

/** Emits the value of a service, which clients and servers take. */
export function emitServiceValue(scope: ModuleScope, service: ServiceSchema): string[] {
  const { value, client } = serviceNames(scope, service);
  const type = `${scope.use('TypedService')}<${client}>`;
  const call = `${scope.use('defineService', 'value')}(schema, '${service.name}')`;
  return statement(service.doc, [`export const ${value}: ${type} = ${call};`]);
}

function serviceNames(scope: ModuleScope, { name }: ServiceSchema): ServiceNames {
  const names = scope.names.services.get(name);
  if (names === undefined) throw new TypeError(`the schema does not declare the service ${JSON.stringify(name)}`);
  return names;
}

/** Returns the name of a method. `new(…)` in an interface would declare a constructor. */
function methodName(name: string): string {
  return name === 'new' ? "'new'" : name;
}

function stubMethod(scope: ModuleScope, { name, args, doc }: FunctionSchema): string[] {
  const names = new NameGiver();
  const parameters = args.fields.map((field, index) => {
    const type = inputType(scope, field.type);
    const parameter = names.take(field.name);
    if (field.defaultValue === undefined) return `${parameter}: ${type}`;
    // TypeScript allows optional parameters only at the end.
    return isTail(args.fields, index) ? `${parameter}?: ${type} | null` : `${parameter}: ${type} | null | undefined`;
  });
  return [...docLines(doc, '  '), `  ${methodName(name)}(${parameters.join(', ')}): Promise<string>;`];
}

function isTail(fields: readonly FieldSchema[], index: number): boolean {
  return fields.slice(index).every(({ defaultValue }) => defaultValue !== undefined);
}

function handlerMethod(scope: ModuleScope, { name, args, doc }: FunctionSchema): string[] {
  const type = scope.typeName(args.id, 'out');
  return [...docLines(doc, '  '), `  ${methodName(name)}(args: ${type}, context: Context): unknown;`];
}
