import type { StructSchema } from '../idl/schema.js';
import { dataLiteral } from './data-literal.js';
import { layOut, type MustBreak } from './lay-out.js';
import { quote, text, type Literal } from './literal.js';
import type { ModuleScope } from './module-scope.js';

/** Wide enough for most fields with their documentation. */
const WIDTH = 180;

/** The schema of the module's IDL file and its includes as data, a line for each field: what `loadSchema` gives, but for the paths of files. */
export function emitSchema(scope: ModuleScope): string[] {
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
