import type { ConstNode, ProgramNode, ServiceNode, TypeDefinitionNode } from './ast.js';
import type { Source } from './source.js';

/** Represents one parsed file, linked to the files it includes. */
export interface Program {
  /** The prefix that including files use: `shared` for `sub/shared.thrift`. */
  readonly name: string;
  /** The prefix of ids: the program name, made unique in the schema. */
  readonly id: string;
  readonly source: Source;
  readonly ast: ProgramNode;
  readonly includes: readonly Program[];
  /**
   * Lists the includes that were not found. As in Apache's compiler, a missing include is an error
   * only when a name from the include is used.
   */
  readonly missing: readonly MissingInclude[];
}

export interface MissingInclude {
  readonly name: string;
  readonly path: string;
  readonly tried: readonly string[];
}

/** Represents a definition and its location. `order` is its index in the file. */
export interface Declared<Node> {
  readonly id: string;
  readonly program: Program;
  readonly order: number;
  readonly node: Node;
}

/** Represents an enum value, which constants may refer to as `Enum.VALUE`. */
export interface EnumMember {
  readonly value: number;
  readonly program: Program;
  readonly order: number;
}

export type DeclaredType = Declared<TypeDefinitionNode>;
export type DeclaredService = Declared<ServiceNode>;
export type DeclaredConst = Declared<ConstNode>;

/**
 * Holds the names visible in one file: its own names, and the prefixed names of the files it
 * includes.
 */
export interface Scope {
  readonly types: ReadonlyMap<string, DeclaredType>;
  readonly services: ReadonlyMap<string, DeclaredService>;
  readonly constants: ReadonlyMap<string, DeclaredConst>;
  readonly members: ReadonlyMap<string, EnumMember>;
}

/**
 * Returns the name of a program: the file name without folders and without its last extension, as
 * in Apache's compiler.
 */
export function programName(file: string): string {
  const base = file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
  const dot = base.lastIndexOf('.');
  return dot === -1 ? base : base.slice(0, dot);
}

/**
 * Returns the id prefix of each file: its program name, or `shared~2`, `shared~3` … where two ids
 * could clash.
 * Identifiers never contain `~`, so the suffix cannot collide with another name.
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

/** Numbers the part before the first dot, so a free number always exists. */
function numbered(name: string, count: number): string {
  const [first, ...rest] = name.split('.');
  return [`${first}~${count}`, ...rest].join('.');
}

/**
 * True if two prefixes could produce the same id. Files named `a` and `a.b` also clash: a struct of
 * one could have the id of a service's parameters in the other.
 */
function clash(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`);
}
