import type { Schema } from '../../idl/schema.js';
import { codecRuntime } from '../../thrift/compile/codec-runtime.js';
import { emitCodecs } from '../../thrift/compile/emit-codecs.js';
import type { I64Mode, ProtocolSnippets } from '../../thrift/compile/snippets.js';
import { CODEC_FORMAT } from '../../thrift/generated-codecs.js';
import type { ProtocolName } from '../../thrift/protocol.js';
import { onewayArguments, SNIPPETS } from '../../thrift/struct-codecs.js';
import { quote } from './literal.js';
import type { ModuleScope } from './module-scope.js';
import { statement } from './statement.js';

/** Emits the statement that registers the codecs of a protocol. */
export function emitRegistration(scope: ModuleScope, protocol: ProtocolName): string[] {
  const options = `{ format: ${CODEC_FORMAT}, i64: '${scope.options.i64}', codecs: ${protocol}Codecs }`;
  return statement(undefined, [`${scope.use('registerCodecs', 'value')}(schema, '${protocol}', ${options});`]);
}

/**
 * Emits a function that returns the codecs of one protocol, for the arguments of all oneway functions of
 * the schema. Its source is the source that is compiled at run time without a generated module,
 * with types and indentation added.
 */
export function emitCodecFunctions(scope: ModuleScope, protocol: ProtocolName, schema: Schema): string[] {
  const { options } = scope;
  const roots = onewayArguments(schema);
  const emitted = emitCodecs(schema, roots, SNIPPETS[protocol], { i64: options.i64, typed: true });
  const source = typed(emitted.declarations, SNIPPETS[protocol], options.i64);
  const entries = roots.map(({ id }) => {
    const { write, read } = emitted.structs.get(id) ?? { write: '', read: '' };
    return `    [${quote(id)}, { write: ${write}, read: ${read} }],`;
  });
  const used = Object.keys(codecRuntime).filter((name) => isUsed(name, emitted.declarations));
  const parameter = `{ ${used.join(', ')} }: ${scope.use('CodecRuntime')}`;
  return [
    `// The codecs of the ${protocol} protocol: the source that is compiled at run time without this module.`,
    '// Some functions declare locals that they do not use, and @ts-ignore silences the compiler about them.',
    ...statement(undefined, [
      `function ${protocol}Codecs(${parameter}): ${scope.use('StructCodecs')} {`,
      ...indented(source),
      '  return new Map([',
      ...entries,
      '  ]);',
      '}',
    ]),
  ];
}

/**
 * Types parameters and results as `any`, and silences the compiler about unused locals of a
 * protocol.
 */
function typed(declarations: string, snippets: ProtocolSnippets, i64: I64Mode): string[] {
  const { begin, beginStruct } = snippets.write;
  const begins = new Set([begin, beginStruct, snippets.read(i64).begin].flatMap((source) => source.split('\n')));
  return declarations.split('\n').flatMap((line) => {
    if (line !== '' && begins.has(line)) return ['// @ts-ignore', line];
    const head = /^function (\w+)\((.*)\) \{$/.exec(line);
    if (!head) return [line];
    const parameters = head[2]!.split(', ').map((name) => `${name}: any`);
    return [`function ${head[1]}(${parameters.join(', ')}): any {`];
  });
}

const STRINGS = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g;

function isUsed(name: string, source: string): boolean {
  return new RegExp(`(?<![\\w.])${name}\\b`).test(source.replace(STRINGS, ''));
}

/**
 * Indents lines by two blanks for each open bracket, and by two more for the function around them.
 */
function indented(lines: readonly string[]): string[] {
  let depth = 1;
  return lines.map((line) => {
    const code = line.replace(STRINGS, '').replace(/^\/\/.*/, '');
    const closing = /^[}\])]/.test(code) ? 1 : 0;
    const result = '  '.repeat(Math.max(0, depth - closing)) + line;
    depth += code.split(/[{[(]/).length - code.split(/[}\])]/).length;
    return result.trimEnd();
  });
}
