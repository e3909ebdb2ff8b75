import type { FieldSchema, FunctionSchema, ServiceSchema } from '../../idl/schema.js';
import { docLines } from './literal.js';
import { emitStruct, WIDTH } from './emit-struct.js';
import { NameGiver, type ServiceNames } from './identifiers.js';
import type { ModuleScope } from './module-scope.js';
import { inputType } from './type-text.js';

/** The types of a service: arguments of its own oneway functions, the client's stub, and the handlers. */
export function emitService(scope: ModuleScope, service: ServiceSchema): string[][] {
  const names = serviceNames(scope, service);
  const oneway = [...service.functions.values()].filter((fn) => fn.oneway);
  const base = service.extends;
  const client = base === undefined ? '' : ` extends ${scope.serviceName(base, 'client')}`;
  const handlers = base === undefined ? '' : ` extends ${scope.serviceName(base, 'handlers')}<Context>`;
  return [
    ...oneway.map((fn) => emitStruct(scope, fn.args, `The arguments of ${service.name}.${fn.name}.`)),
    [
      ...docLines(`The oneway functions of ${service.name}; each resolves with the id of the stored message.`),
      ...block(
        `export interface ${names.client}${client}`,
        oneway.flatMap((fn) => stubMethod(scope, fn)),
      ),
    ],
    [
      ...docLines(`Handlers of ${service.name}, for controllers to implement.`),
      ...block(
        `export interface ${names.handlers}<Context = unknown>${handlers}`,
        oneway.flatMap((fn) => handlerMethod(scope, fn)),
      ),
    ],
  ];
}

/** The value of a service, to be given to clients and servers. */
export function emitServiceValue(scope: ModuleScope, service: ServiceSchema): string[] {
  const { value, client } = serviceNames(scope, service);
  const type = `${scope.use('TypedService')}<${client}>`;
  const line = `export const ${value}: ${type} = ${scope.use('defineService', 'value')}(schema, '${service.name}');`;
  return [...docLines(service.doc), ...(line.length > WIDTH ? ['// prettier-ignore'] : []), line];
}

function serviceNames(scope: ModuleScope, { name }: ServiceSchema): ServiceNames {
  const names = scope.names.services.get(name);
  if (names === undefined) throw new TypeError(`the schema does not declare the service ${JSON.stringify(name)}`);
  return names;
}

function block(head: string, lines: readonly string[]): string[] {
  const ignore = head.length + 2 > WIDTH ? ['// prettier-ignore'] : [];
  return lines.length === 0 ? [...ignore, `${head} {}`] : [...ignore, `${head} {`, ...lines, '}'];
}

/** `new(…)` in an interface would be a constructor. */
function methodName(name: string): string {
  return name === 'new' ? "'new'" : name;
}

function stubMethod(scope: ModuleScope, { name, args, doc }: FunctionSchema): string[] {
  const names = new NameGiver();
  const parameters = args.fields.map((field, index) => {
    const type = inputType(scope, field.type);
    const parameter = names.take(field.name);
    if (field.defaultValue === undefined) return `${parameter}: ${type}`;
    // What may be left out has to stand at the end.
    return isTail(args.fields, index) ? `${parameter}?: ${type} | null` : `${parameter}: ${type} | null | undefined`;
  });
  return [...docLines(doc, '  '), ...methodLines(methodName(name), parameters, 'Promise<string>')];
}

function isTail(fields: readonly FieldSchema[], index: number): boolean {
  return fields.slice(index).every(({ defaultValue }) => defaultValue !== undefined);
}

function handlerMethod(scope: ModuleScope, { name, args, doc }: FunctionSchema): string[] {
  const parameters = [`args: ${scope.typeName(args.id, 'out')}`, 'context: Context'];
  return [...docLines(doc, '  '), ...methodLines(methodName(name), parameters, 'unknown')];
}

function methodLines(name: string, parameters: readonly string[], returns: string): string[] {
  const flat = `  ${name}(${parameters.join(', ')}): ${returns};`;
  if (flat.length <= WIDTH) return [flat];
  return [`  ${name}(`, ...parameters.map((parameter) => `    ${parameter},`), `  ): ${returns};`];
}
