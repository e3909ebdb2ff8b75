import { createRequire } from 'node:module';
import { transformSync } from '@swc/core';
import * as runtime from '#lib/codec.js';
import type { Schema, ThriftService } from '#lib/idl/schema.js';
import type { ProtocolName } from '#lib/thrift/protocol.js';
import { emitModule } from '#lib/tools/generate/emit-module.js';
import { resolveGenerateOptions } from '#lib/tools/generate/generate-options.js';
import { ModuleScope } from '#lib/tools/generate/module-scope.js';

const require = createRequire(import.meta.url);

/** Generates the module of a schema in memory, and returns one of its services, which brings its own codecs. */
export function generatedService(
  schema: Schema,
  name: string,
  protocol: ProtocolName,
  i64: 'bigint' | 'number',
): ThriftService {
  const options = resolveGenerateOptions({ protocols: [protocol], i64 });
  const text = emitModule(
    new ModuleScope(
      schema,
      schema.files.map((_, i) => `module${i}`),
      options,
    ),
  );
  // Not the compiler of TypeScript: in a heap with all of it, collections of garbage take most of the time of a search.
  const { code } = transformSync(text, {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'commonjs' },
  });
  const exports: Record<string, unknown> = {};
  // Not a file: a search loads thousands of modules, and the engine keeps every module that it imports.
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  const run = new Function('exports', 'require', code) as (exports: object, load: NodeJS.Require) => void;
  const load = ((id: string): unknown => (id.endsWith('/codec') ? runtime : require(id))) as NodeJS.Require;
  run(exports, load);
  return exports[name] as ThriftService;
}
