import { emitCodecFunctions, emitRegistration } from './emit-codec-functions.js';
import { emitConstant } from './emit-constants.js';
import { emitEnum } from './emit-enum.js';
import { emitSchema } from './emit-schema.js';
import { emitService, emitServiceValue } from './emit-service.js';
import { emitStruct } from './emit-struct.js';
import type { ModuleScope } from './module-scope.js';

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
