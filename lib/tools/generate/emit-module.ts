import type { StructSchema } from '../../idl/schema.js';
import { emitCodecFunctions, emitRegistration } from './emit-codec-functions.js';
import { emitConstant } from './emit-constants.js';
import { emitEnum } from './emit-enum.js';
import { emitService, emitServiceValue } from './emit-service.js';
import { emitStruct, emitTypeValues } from './emit-struct.js';
import { dataText, mapText, objectText, quote, type Replace } from './literal.js';
import type { ModuleScope } from './module-scope.js';
import { statement } from './statement.js';

/**
 * Emits the text of the module of one IDL file, which is the root of the scope's schema. Nothing
 * depends on the length of a line, so a change of the IDL changes few lines.
 */
export function emitModule(scope: ModuleScope): string {
  const { schema, options } = scope;
  const own = <T extends { id: string }>(items: ReadonlyMap<string, T>): T[] =>
    [...items.values()].filter(({ id }) => scope.isOwn(id));
  const services = own(schema.services);
  const structs = own(schema.structs).filter(({ kind }) => kind !== 'args');
  const args = services.flatMap(({ functions }) => [...functions.values()].filter(({ oneway }) => oneway));
  const statements = [
    ...own(schema.enums).flatMap((declared) => emitEnum(scope, declared)),
    ...structs.flatMap((struct) => emitStruct(scope, struct)),
    ...(options.declareOnly ? [] : own(schema.constants).map((constant) => emitConstant(scope, constant))),
    ...services.flatMap((service) => emitService(scope, service)),
    ...(options.declareOnly ? [] : emitTypeValues(scope, [...structs, ...args.map((fn) => fn.args)])),
  ];
  if (services.length > 0 && !options.declareOnly) {
    statements.push(
      ...emitSchema(scope),
      ...services.map((service) => emitServiceValue(scope, service)),
      ...options.protocols.map((protocol) => emitRegistration(scope, protocol)),
      ...options.protocols.map((protocol) => emitCodecFunctions(scope, protocol)),
    );
  }
  // A file without imports and exports would be a script.
  if (statements.length === 0) statements.push(statement(undefined, ['export {};']));
  // All imports are known only now.
  const imports = scope.importLines().map((line) => statement(undefined, [line]));
  return [header(scope), ...[...imports, ...statements].map((lines) => `${lines.join('\n')}\n`)].join('\n');
}

/** The command recognizes its own files by the beginning of this text. */
function header(scope: ModuleScope): string {
  // The name of a file may hold a line break, which would end the comment.
  const source = scope.fileName().replace(/[^\x20-\x7e\u00a0-\u1fff]/g, '?');
  return `// Made by "nestjs-sqs-thrift generate" from ${source}: change that file and run the command again.\n// @generated\n/* eslint-disable */\n`;
}

/**
 * Emits the schema of the module's IDL file and its includes as data. It equals the schema that
 * `loadSchema` returns, except for the paths of files.
 */
function emitSchema(scope: ModuleScope): string[][] {
  const { structs, ...rest } = scope.schema;
  const replace = parametersOf(structs);
  const schema = { ...rest, files: scope.schema.files.map((_, index) => scope.fileName(index)) };
  const entries = Object.entries(schema)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name, dataText(value, replace)] as const);
  const structMap = mapText(`Map<string, ${scope.use('StructSchema')}>`, structs, quote, (struct) => dataText(struct));
  const schemaText = objectText([...entries, ['structs', 'structs']]);
  return [
    statement(undefined, [`const structs = ${structMap};`]),
    statement(undefined, [`const schema: ${scope.use('Schema')} = ${schemaText};`]),
  ];
}

/**
 * Returns a replacement for the parameters of functions, which are structs of the schema. Constants
 * and annotations may only look like such a struct.
 */
function parametersOf(structs: ReadonlyMap<string, StructSchema>): Replace {
  return (value) => {
    const { id } = (value ?? {}) as Partial<StructSchema>;
    return typeof id === 'string' && structs.get(id) === value ? `structs.get(${quote(id)})!` : undefined;
  };
}
