import { readFileSync } from 'node:fs';
import { untaggedFields, type VectorCase } from '../../vectors/load-vectors.js';
import { parametersOf, service } from './contract.js';
import { plain, type Plain } from './plain.js';

/** One call, as it is written down in cases.json, as Nest emits it, and as everybody must receive it. */
export interface Call {
  readonly name: string;
  readonly method: string;
  readonly tagged: VectorCase['args'];
  readonly args: Record<string, unknown>;
  /** With the defaults of the IDL where the call leaves a field out. */
  readonly expected: Readonly<Record<string, Plain>>;
}

/** The calls that each cell is about. */
export function loadCalls(): readonly Call[] {
  const files = ['test/vectors/cases.json', 'test/interop/matrix/cases.json'];
  const calls = files.flatMap((file) => (JSON.parse(readFileSync(file, 'utf8')) as VectorCase[]).map(toCall));
  const methods = new Set(calls.map(({ method }) => method));
  const forgotten = [...service.functions.keys()].filter((method) => !methods.has(method));
  if (forgotten.length > 0) throw new Error(`no call of ${forgotten.join(', ')}`);
  if (new Set(calls.map(({ name }) => name)).size < calls.length) throw new Error('two calls have one name');
  return calls;
}

function toCall({ name, method, args: tagged }: VectorCase): Call {
  const args = untaggedFields(tagged);
  const expected = parametersOf(method)!.map((parameter) => [
    parameter.name,
    plain(parameter.type, args[parameter.name], (field) => field.defaultValue),
  ]);
  return { name, method, tagged, args, expected: Object.fromEntries(expected) as Record<string, Plain> };
}
