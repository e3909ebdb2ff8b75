import type { StructSchema } from '../../idl/schema.js';
import { emitCodecFunctions, emitRegistration } from './emit-codec-functions.js';
import { emitConstant } from './emit-constants.js';
import { emitEnum } from './emit-enum.js';
import { emitService, emitServiceValue } from './emit-service.js';
import { emitStruct } from './emit-struct.js';
import type { ModuleScope } from './module-scope.js';
import { dataLiteral, type Literal, quote, text } from './literal.js';
import { layOut, type MustBreak } from './lay-out.js';

/** The text of the module of one IDL file: the root of the scope's schema. */
export function emitModule(scope: ModuleScope): string {
  const { schema, options } = scope;
  const own = <T extends { id: string }>(items: ReadonlyMap<string, T>): T[] =>
    [...items.values()].filter(({ id }) => scope.isOwn(id));
  const services = own(schema.services);
  const blocks = [
    ...own(schema.enums).map((declared) => emitEnum(scope, declared)),
    ...own(schema.structs)
      .filter(({ kind }) => kind !== 'args')
      .map((struct) => emitStruct(scope, struct)),
    ...(options.declareOnly ? [] : own(schema.constants).map((constant) => emitConstant(scope, constant))),
    ...services.flatMap((service) => emitService(scope, service)),
  ];
  if (services.length > 0 && !options.declareOnly) {
    blocks.push(
      emitSchema(scope),
      ...services.map((service) => emitServiceValue(scope, service)),
      options.protocols.map((protocol) => emitRegistration(scope, protocol)),
      ...options.protocols.map((protocol) => emitCodecFunctions(scope, protocol)),
    );
  }
  // Only now it is known what is to be imported.
  const imports = scope.importLines();
  const body = [...(imports.length > 0 ? [imports] : []), ...blocks.filter((lines) => lines.length > 0)];
  // A file without imports and exports would be a script.
  if (blocks.length === 0) body.push(['export {};']);
  return [header(scope), ...body.map((lines) => `${lines.join('\n')}\n`)].join('\n');
}

function header(scope: ModuleScope): string {
  // A name of a file can hold anything but is to stay in its line.
  const source = scope.fileName().replace(/[^\x20-\x7e\u00a0-\u1fff]/g, '?');
  return `// Made by "nestjs-sqs-thrift generate" from ${source}: change that file and run the command again.\n/* eslint-disable */\n`;
}

/** Wide enough for most fields with their documentation. */
const WIDTH = 180;

/**
 * Writes the schema of the module's IDL file and its includes as data, a line for each field. It is
 * the one that `loadSchema` gives, but for the paths of files.
 */
function emitSchema(scope: ModuleScope): string[] {
  const { structs, ...rest } = scope.schema;
  const schema = { ...rest, files: scope.schema.files.map((_, index) => scope.fileName(index)) };
  const literal = dataLiteral(schema, argsOf(structs)) as Extract<Literal, { kind: 'object' }>;
  const entries = [...literal.entries, ['structs', text('structs')] as const];
  const structType = scope.use('StructSchema');
  return [
    '// prettier-ignore',
    `const structs = ${print({ ...(dataLiteral(structs) as Extract<Literal, { kind: 'array' }>), call: `new Map<string, ${structType}>` })};`,
    '',
    '// prettier-ignore',
    `const schema: ${scope.use('Schema')} = ${print({ kind: 'object', entries })};`,
  ];
}

/** The parameters of a function are the very struct of that id; constants and annotations may only look like one. */
function argsOf(structs: ReadonlyMap<string, StructSchema>): (value: unknown) => Literal | undefined {
  return (value) => {
    const { id } = (value ?? {}) as Partial<StructSchema>;
    const same = typeof id === 'string' && structs.get(id) === value;
    return same ? text(`structs.get(${quote(id)})!`) : undefined;
  };
}

function print(literal: Literal): string {
  return layOut(literal, { indent: '', taken: 0, width: WIDTH, mustBreak, hugPairs: true });
}

/** One struct, enum, field or function a line at most. */
const mustBreak: MustBreak = (literal) =>
  literal.kind === 'object' && literal.entries.some(([name]) => name === 'fields' || name === 'services');
