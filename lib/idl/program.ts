import type { ConstNode, ProgramNode, ServiceNode, TypeDefinitionNode } from './ast.js';
import type { Source } from './source.js';

/** One parsed file, linked to the files it includes. */
export interface Program {
  /** The name that including files use as prefix: `shared` for `sub/shared.thrift`. */
  readonly name: string;
  /** The prefix of ids: the name, made unique in the schema. */
  readonly id: string;
  readonly source: Source;
  readonly ast: ProgramNode;
  readonly includes: readonly Program[];
  /** Includes that were not found. Like Apache's compiler, complain only once something is taken from them. */
  readonly missing: readonly MissingInclude[];
}

export interface MissingInclude {
  readonly name: string;
  readonly path: string;
  readonly tried: readonly string[];
}

/** A definition and where it stands: `order` is its index in the file. */
export interface Declared<Node> {
  readonly id: string;
  readonly program: Program;
  readonly order: number;
  readonly node: Node;
}

/** A value of an enum, which constants may refer to as `Enum.VALUE`. */
export interface EnumMember {
  readonly value: number;
  readonly program: Program;
  readonly order: number;
}

export type DeclaredType = Declared<TypeDefinitionNode>;
export type DeclaredService = Declared<ServiceNode>;
export type DeclaredConst = Declared<ConstNode>;

/** The names that can be used in one file: its own, and those of the files it includes under their prefix. */
export interface Scope {
  readonly types: ReadonlyMap<string, DeclaredType>;
  readonly services: ReadonlyMap<string, DeclaredService>;
  readonly constants: ReadonlyMap<string, DeclaredConst>;
  readonly members: ReadonlyMap<string, EnumMember>;
}

/** The name of a program: the file's name without folders and without its last extension, as in Apache's compiler. */
export function programName(file: string): string {
  const base = file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
  const dot = base.lastIndexOf('.');
  return dot === -1 ? base : base.slice(0, dot);
}

/**
 * The prefix of each file's ids: its program name, and where that could make two ids the same `shared~2`, `shared~3` …
 * `~` is in no identifier, so that the suffix cannot meet another name.
 */
export function programIds(files: readonly string[]): string[] {
  const ids: string[] = [];
  for (const file of files) {
    const name = programName(file);
    let id = name;
    for (let count = 2; ids.some((other) => clash(id, other)); count += 1) id = numbered(name, count);
    ids.push(id);
  }
  return ids;
}

/** Numbers the part before the first dot: whatever else is taken, some number is free. */
function numbered(name: string, count: number): string {
  const [first, ...rest] = name.split('.');
  return [`${first}~${count}`, ...rest].join('.');
}

/** Files called `a` and `a.b` clash too: a struct of the one could have the id of a service's parameters in the other. */
function clash(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`);
}
