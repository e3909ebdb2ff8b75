import { codecRuntime } from './codec-runtime.js';
import type { EmittedCodecs } from './emit-codecs.js';

/** The two functions of a struct. They belong to one protocol; the writer or reader given must be of it. */
export interface StructCodec {
  write(writer: unknown, value: unknown): void;
  read(reader: unknown): unknown;
}

type Evaluate = (body: string) => (runtime: typeof codecRuntime) => readonly (readonly [string, StructCodec])[];

// The source is made of snippets and of names checked against the IDL grammar; nothing that was received gets into it.
// eslint-disable-next-line @typescript-eslint/no-implied-eval
const evaluateHere: Evaluate = (body) => new Function('runtime', body) as ReturnType<Evaluate>;

/**
 * Turns emitted source into functions, by struct id.
 *
 * @param evaluate how a function body becomes a function of `runtime`; the `Function` constructor unless a test says otherwise
 * @throws Error when the process forbids it, saying so
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
        'from source made at run time. Make that source ahead of time with "npx nestjs-sqs-thrift generate <files> --out <folder> ' +
        '--protocols <all in use>" and take the service from the generated module; it serves the default codec options',
      { cause },
    );
  }
}
