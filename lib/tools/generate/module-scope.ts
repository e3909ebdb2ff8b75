import { basename } from 'node:path';
import { programIds } from '../../idl/program.js';
import type { Schema } from '../../idl/schema.js';
import { quote } from './literal.js';
import { identifierOf, programNames, type ProgramNames } from './identifiers.js';
import type { ImportExtension, ResolvedGenerateOptions } from './generate-options.js';

/** The package's subpath that generated modules import. */
const RUNTIME = 'nestjs-sqs-thrift/codec';

const EXTENSIONS: Readonly<Record<ImportExtension, string>> = { js: '.js', ts: '.ts', none: '' };

interface ModuleImport {
  readonly alias: string;
  readonly path: string;
  /** True if the module is imported for more than its types. */
  asValue: boolean;
}

/** Shares names and imports between the parts of one generated module. */
export class ModuleScope {
  readonly names: ProgramNames;
  /** Ids of the schema's files, in their order. */
  private readonly programs: readonly string[];
  private readonly others = new Map<string, ProgramNames>();
  private readonly imports = new Map<string, ModuleImport>();
  private readonly runtime = new Map<string, 'type' | 'value'>();

  /**
   * @param schema the schema whose root is the module's IDL file
   * @param paths paths of the modules of the schema's files, in their order, without extension and
   * relative to the output folder
   */
  constructor(
    readonly schema: Schema,
    readonly paths: readonly string[],
    readonly options: ResolvedGenerateOptions,
  ) {
    this.programs = programIds(schema.files);
    this.names = programNames(schema, schema.program);
  }

  /**
   * Returns the name of a file in the module. The name stands beside the path of the module, so it
   * does not depend on the current directory.
   */
  fileName(index = 0): string {
    const path = this.paths[index] ?? '';
    return path.slice(0, path.lastIndexOf('/') + 1) + basename(this.schema.files[index] ?? '');
  }

  /** True if an id is that of a declaration in the module's own file. */
  isOwn(id: string): boolean {
    return id.startsWith(`${this.schema.program}.`);
  }

  /** Returns the name of a type in the module: `Point`, `base.Point`, `base.PointInput`. */
  typeName(id: string, direction: 'out' | 'input', asValue = false): string {
    const [program, local, prefix] = this.locate(id, asValue);
    const name = this.namesOf(program)[direction].get(local);
    if (name === undefined) throw new TypeError(`the schema does not declare ${JSON.stringify(id)}`);
    return prefix + name;
  }

  /** Returns the name of a type of a service: `PingerClient`, `base.PingerHandlers`. */
  serviceName(id: string, part: 'client' | 'handlers' | 'methods'): string {
    const [program, name, prefix] = this.locate(id, false);
    const names = this.namesOf(program).services.get(name);
    if (names === undefined) throw new TypeError(`the schema does not declare ${JSON.stringify(id)}`);
    return prefix + names[part];
  }

  /** Imports a name of `nestjs-sqs-thrift/codec` and returns the name. */
  use(name: string, kind: 'type' | 'value' = 'type'): string {
    if (this.runtime.get(name) !== 'value') this.runtime.set(name, kind);
    return name;
  }

  /** Returns the import lines for all names that were used so far, sorted. */
  importLines(): string[] {
    const modules = [...this.imports.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
    const lines = modules.map(
      ({ alias, path, asValue }) => `import ${asValue ? '' : 'type '}* as ${alias} from ${quote(path)};`,
    );
    const names = [...this.runtime].sort(([a], [b]) => (a < b ? -1 : 1));
    if (names.length === 0) return lines;
    const typesOnly = names.every(([, kind]) => kind === 'type');
    const list = names.map(([name, kind]) => (kind === 'type' && !typesOnly ? `type ${name}` : name));
    return [`import ${typesOnly ? 'type ' : ''}{ ${list.join(', ')} } from '${RUNTIME}';`, ...lines];
  }

  /** Splits an id into its program and the rest, and adds the prefix of names of that program. */
  private locate(id: string, asValue: boolean): [program: string, local: string, prefix: string] {
    const program = this.programs.find((name) => id.startsWith(`${name}.`));
    if (program === undefined) throw new TypeError(`the schema has no file for ${JSON.stringify(id)}`);
    const prefix = program === this.schema.program ? '' : `${this.importOf(program, asValue)}.`;
    return [program, id.slice(program.length + 1), prefix];
  }

  private namesOf(program: string): ProgramNames {
    if (program === this.schema.program) return this.names;
    const known = this.others.get(program) ?? programNames(this.schema, program);
    this.others.set(program, known);
    return known;
  }

  private importOf(program: string, asValue: boolean): string {
    let found = this.imports.get(program);
    if (!found) {
      const target = this.paths[this.programs.indexOf(program)] ?? '';
      const base = target.slice(target.lastIndexOf('/') + 1);
      found = {
        alias: this.names.giver.take(identifierOf(base)),
        path: relativeTo(this.paths[0] ?? '', target) + EXTENSIONS[this.options.importExtension],
        asValue,
      };
      this.imports.set(program, found);
    }
    found.asValue ||= asValue;
    return found.alias;
  }
}

/** Returns the path of a module as seen from another module, without extension: `./shared/base`. */
function relativeTo(from: string, target: string): string {
  const folders = from.split('/').slice(0, -1);
  const parts = target.split('/');
  let same = 0;
  while (same < folders.length && same < parts.length - 1 && folders[same] === parts[same]) same += 1;
  const up = '../'.repeat(folders.length - same);
  return `${up === '' ? './' : up}${parts.slice(same).join('/')}`;
}
