import { loadSchema, loadSchemaForNumbers } from '../../idl/load-schema.js';
import type { Schema } from '../../idl/schema.js';
import { emitModule } from './emit-module.js';
import { resolveGenerateOptions, type GenerateOptions } from './generate-options.js';
import { modulePaths } from './module-paths.js';
import { ModuleScope } from './module-scope.js';

/** A generated module as text. */
export interface GeneratedModule {
  /** Path relative to the output folder, with slashes: `shared/base.ts`. */
  readonly path: string;
  readonly text: string;
}

/**
 * Generates a TypeScript module for each IDL file and each file it includes, in the order of their
 * paths.
 *
 * The text depends on the IDL and the options alone, not on the current directory or on other files
 * that include a file.
 *
 * @throws IdlError the IDL has a mistake; with numbers for i64 a constant or default beyond ±(2^53 - 1) too
 * @throws GenerateError two files would become one module
 */
export function generateModules(files: readonly string[], options: GenerateOptions = {}): readonly GeneratedModule[] {
  const resolved = resolveGenerateOptions(options);
  const { includeDirs, allowNegativeFieldIds, i64 } = resolved;
  const read = i64 === 'number' ? loadSchemaForNumbers : loadSchema;
  const schemas = new Map<string, Schema>();
  const load = (file: string): Schema => {
    const schema = read(file, { includeDirs, allowNegativeFieldIds });
    schemas.set(schema.files[0]!, schema);
    return schema;
  };
  const roots = files.map(load);
  for (const file of new Set(roots.flatMap((schema) => schema.files))) if (!schemas.has(file)) load(file);
  const given = roots.map((schema) => schema.files[0]!);
  const paths = modulePaths([...schemas.keys()].sort(), given, [...resolved.roots, ...includeDirs]);
  const modules = [...schemas].map(([file, schema]) => {
    const scope = new ModuleScope(
      schema,
      schema.files.map((path) => paths.get(path)!),
      resolved,
    );
    return { path: `${paths.get(file)!}.ts`, text: emitModule(scope) };
  });
  return modules.sort((a, b) => (a.path < b.path ? -1 : 1));
}
