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
