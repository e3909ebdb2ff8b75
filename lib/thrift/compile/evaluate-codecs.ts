import { codecRuntime } from './codec-runtime.js';
import type { EmittedCodecs } from './emit-codecs.js';

/**
 * Holds the two functions of a struct. Both belong to one protocol, and accept only a writer or
 * reader of that protocol.
 */
export interface StructCodec {
  write(writer: unknown, value: unknown): void;
  read(reader: unknown): unknown;
}

type Evaluate = (body: string) => (runtime: typeof codecRuntime) => readonly (readonly [string, StructCodec])[];

// The source consists of snippets and of names checked against the IDL grammar. It never contains
// received data.
// eslint-disable-next-line @typescript-eslint/no-implied-eval
const evaluateHere: Evaluate = (body) => new Function('runtime', body) as ReturnType<Evaluate>;

/**
 * Compiles emitted source into functions, by struct id.
 *
 * @param evaluate turns a function body into a function of `runtime`; defaults to the `Function`
 *   constructor, which tests replace
 * @throws Error when the process forbids evaluation, with an explanation
 */
export function evaluateCodecs(emitted: EmittedCodecs, evaluate = evaluateHere): ReadonlyMap<string, StructCodec> {
  const offered = [...emitted.structs].map(
    ([id, { write, read }]) => `[${JSON.stringify(id)}, { write: ${write}, read: ${read} }]`,
  );
  const body = [
    '"use strict";',
    `const { ${Object.keys(codecRuntime).join(', ')} } = runtime;`,
    emitted.declarations,
    `return [${offered.join(',\n')}];`,
  ].join('\n');
  return new Map(evaluateOrExplain(evaluate, body)(codecRuntime));
}

function evaluateOrExplain(evaluate: Evaluate, body: string): ReturnType<Evaluate> {
  try {
    return evaluate(body);
  } catch (cause) {
    if ((cause as Error).name !== 'EvalError') throw cause;
    throw new Error(
      'evaluation of strings is disabled (CSP or --disallow-code-generation-from-strings), and Thrift codecs are compiled ' +
        'from source made at run time. Generate that source ahead of time with "npx nestjs-sqs-thrift generate <files> --out <folder> ' +
        '--protocols <all in use>" and take the service from the generated module; it serves the default codec options',
      { cause },
    );
  }
}
