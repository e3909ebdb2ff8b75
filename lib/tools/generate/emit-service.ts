import { handlerName, stubName } from '../../common/member-name.js';
import type { FieldSchema, FunctionSchema, ServiceSchema } from '../../idl/schema.js';
import { emitStruct } from './emit-struct.js';
import { NameGiver, type ServiceNames } from './identifiers.js';
import type { ModuleScope } from './module-scope.js';
import { block, docLines, statement } from './statement.js';
import { inputType } from './type-text.js';

/**
 * Emits the types of a service: the arguments of its own oneway functions, the methods by name, the
 * client's stub, and the handlers.
 */
export function emitService(scope: ModuleScope, service: ServiceSchema): string[][] {
  const names = serviceNames(scope, service);
  const oneway = [...service.functions.values()].filter((fn) => fn.oneway);
  const declare = (head: string, base: string, member: (fn: FunctionSchema) => string[]): string[] =>
    block(`export interface ${head}${base} {`, oneway.flatMap(member));
  return [
    ...oneway.flatMap((fn) => emitStruct(scope, fn.args, `The arguments of ${service.name}.${fn.name}.`)),
    statement(
      `Lists the oneway functions of ${service.name}, with the arguments to emit and the arguments that handlers get.`,
      declare(names.methods, extendsText(scope, service, 'methods'), (fn) => methodEntry(scope, fn)),
    ),
    statement(
      `Calls the oneway functions of ${service.name}. Each call resolves with the id of the stored message.`,
      declare(names.client, extendsText(scope, service, 'client'), (fn) =>
        stubMethod(scope, fn, stubName(fn.name, service.functions)),
      ),
    ),
    statement(
      `Handles the oneway functions of ${service.name}. Controllers implement this interface.`,
      declare(
        `${names.handlers}${takesContext(scope, service) ? '<Context = unknown>' : ''}`,
        extendsText(scope, service, 'handlers'),
        (fn) => handlerMethod(scope, fn, handlerName(fn.name, service.functions)),
      ),
    ),
  ];
}

/** Emits the value of a service, which clients and servers take. */
export function emitServiceValue(scope: ModuleScope, service: ServiceSchema): string[] {
  const { value, client, methods } = serviceNames(scope, service);
  const type = `${scope.use('TypedService')}<${methods}, ${client}>`;
  const call = `${scope.use('defineService', 'value')}(schema, '${service.name}')`;
  return statement(service.doc, [`export const ${value}: ${type} = ${call};`]);
}

/** True if a handler of the service takes a context. Compilers may refuse an unused type parameter. */
function takesContext(scope: ModuleScope, service: ServiceSchema | undefined): boolean {
  if (service === undefined) return false;
  return [...service.functions.values()].some((fn) => fn.oneway) || takesContext(scope, parentOf(scope, service));
}

function parentOf({ schema }: ModuleScope, { extends: parent }: ServiceSchema): ServiceSchema | undefined {
  return parent === undefined ? undefined : schema.services.get(parent);
}

/** Writes the clause that inherits from the extended service. The IDL redefines no function. */
function extendsText(scope: ModuleScope, service: ServiceSchema, part: 'client' | 'handlers' | 'methods'): string {
  if (service.extends === undefined) return '';
  return ` extends ${scope.serviceName(service.extends, part)}${part === 'handlers' && takesContext(scope, parentOf(scope, service)) ? '<Context>' : ''}`;
}

function serviceNames(scope: ModuleScope, { name }: ServiceSchema): ServiceNames {
  const names = scope.names.services.get(name);
  if (names === undefined) throw new TypeError(`the schema does not declare the service ${JSON.stringify(name)}`);
  return names;
}

/** Returns the name of a member. `new(…)` in an interface would declare a constructor. */
function quoted(name: string): string {
  return name === 'new' ? "'new'" : name;
}

function methodEntry(scope: ModuleScope, { name, args, doc }: FunctionSchema): string[] {
  const [emit, handle] = [scope.typeName(args.id, 'input'), scope.typeName(args.id, 'out')];
  return [...docLines(doc, '  '), `  ${quoted(name)}: { emit: ${emit}; handle: ${handle} };`];
}

function stubMethod(scope: ModuleScope, { args, doc }: FunctionSchema, member: string): string[] {
  const names = new NameGiver();
  const parameters = args.fields.map((field, index) => {
    const type = inputType(scope, field.type);
    const parameter = names.take(field.name);
    if (field.defaultValue === undefined) return `${parameter}: ${type}`;
    // TypeScript allows optional parameters only at the end.
    return isTail(args.fields, index) ? `${parameter}?: ${type} | null` : `${parameter}: ${type} | null | undefined`;
  });
  return [...docLines(doc, '  '), `  ${quoted(member)}(${parameters.join(', ')}): Promise<string>;`];
}

function isTail(fields: readonly FieldSchema[], index: number): boolean {
  return fields.slice(index).every(({ defaultValue }) => defaultValue !== undefined);
}

function handlerMethod(scope: ModuleScope, { args, doc }: FunctionSchema, member: string): string[] {
  const type = scope.typeName(args.id, 'out');
  return [...docLines(doc, '  '), `  ${quoted(member)}(args: ${type}, context: Context): unknown;`];
}
