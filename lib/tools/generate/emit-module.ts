import { onewayArguments } from '../../thrift/struct-codecs.js';
import { emitCodecFunctions, emitRegistration } from './emit-codec-functions.js';
import { emitConstant } from './emit-constants.js';
import { emitEnum } from './emit-enum.js';
import { emitSchema } from './emit-schema.js';
import { emitService, emitServiceValue } from './emit-service.js';
import { emitStruct, emitTypeValues } from './emit-struct.js';
import type { ModuleScope } from './module-scope.js';
import { reachedSchema } from './reached-schema.js';
import { statement } from './statement.js';

/**
 * Emits the text of the module of one IDL file, which is the root of the scope's schema. Types and
 * constants cover all that the file declares. Schema and codecs cover what its oneway functions reach.
 * Nothing depends on the length of a line, so a change of the IDL changes few lines.
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
    const reached = reachedSchema(schema, services);
    const protocols = onewayArguments(reached).length === 0 ? [] : options.protocols;
    statements.push(
      ...emitSchema(scope, reached),
      ...services.map((service) => emitServiceValue(scope, service)),
      ...protocols.map((protocol) => emitRegistration(scope, protocol)),
      ...protocols.map((protocol) => emitCodecFunctions(scope, protocol, reached)),
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
