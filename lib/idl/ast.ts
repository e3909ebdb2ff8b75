import type { Annotations, BaseTypeName, Requiredness } from './schema.js';

/** The syntax tree of one file. `at` is always the offset of the thing a message should point to. */
export interface ProgramNode {
  readonly includes: readonly IncludeNode[];
  readonly namespaces: ReadonlyMap<string, string>;
  readonly definitions: readonly DefinitionNode[];
}

/** `include "path"`. */
export interface IncludeNode {
  readonly path: string;
  readonly at: number;
}

/** A name and where it stands. */
export interface NameNode {
  readonly text: string;
  readonly at: number;
}

/** A type as written; `named` is a reference to a struct, enum, typedef and so on. */
export type TypeNode =
  | { readonly kind: 'base'; readonly name: BaseTypeName; readonly at: number; readonly annotations: Annotations }
  | {
      readonly kind: 'list' | 'set';
      readonly element: TypeNode;
      readonly at: number;
      readonly annotations: Annotations;
    }
  | {
      readonly kind: 'map';
      readonly key: TypeNode;
      readonly value: TypeNode;
      readonly at: number;
      readonly annotations: Annotations;
    }
  | { readonly kind: 'named'; readonly name: string; readonly at: number };

/** A constant value as written, not yet of any type. */
export type ValueNode =
  | { readonly kind: 'integer'; readonly value: bigint; readonly at: number }
  | { readonly kind: 'double'; readonly value: number; readonly at: number }
  | { readonly kind: 'string'; readonly value: string; readonly at: number }
  | { readonly kind: 'reference'; readonly name: string; readonly at: number }
  | { readonly kind: 'list'; readonly items: readonly ValueNode[]; readonly at: number }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [ValueNode, ValueNode])[]; readonly at: number };

/** A field of a struct, a parameter, or an exception in `throws`. */
export interface FieldNode {
  readonly id: number;
  readonly name: NameNode;
  readonly type: TypeNode;
  readonly requiredness: Requiredness;
  /** Written with `&`, which asks Apache's C++ generator for a pointer; without meaning on the wire. */
  readonly reference: boolean;
  readonly value?: ValueNode;
  readonly annotations: Annotations;
  readonly doc?: string;
}

export interface ConstNode {
  readonly kind: 'const';
  readonly name: NameNode;
  readonly type: TypeNode;
  readonly value: ValueNode;
  readonly doc?: string;
}

export interface TypedefNode {
  readonly kind: 'typedef';
  readonly name: NameNode;
  readonly type: TypeNode;
  readonly annotations: Annotations;
  readonly doc?: string;
}

export interface EnumValueNode {
  readonly name: NameNode;
  readonly value: number;
  readonly annotations: Annotations;
  readonly doc?: string;
}

export interface EnumNode {
  readonly kind: 'enum';
  readonly name: NameNode;
  readonly values: readonly EnumValueNode[];
  readonly annotations: Annotations;
  readonly doc?: string;
}

export interface StructNode {
  readonly kind: 'struct' | 'union' | 'exception';
  readonly name: NameNode;
  readonly fields: readonly FieldNode[];
  readonly annotations: Annotations;
  readonly doc?: string;
}

/** Where annotations of a service or function stand, by key. */
export type AnnotationPlaces = ReadonlyMap<string, { readonly at: number; readonly valueAt: number }>;

export interface FunctionNode {
  readonly name: NameNode;
  readonly oneway: boolean;
  /** Absent for `void`. */
  readonly returns?: TypeNode;
  readonly params: readonly FieldNode[];
  readonly throws: readonly FieldNode[];
  readonly annotations: Annotations;
  readonly places: AnnotationPlaces;
  readonly doc?: string;
}

export interface ServiceNode {
  readonly kind: 'service';
  readonly name: NameNode;
  readonly extends?: NameNode;
  readonly functions: readonly FunctionNode[];
  readonly annotations: Annotations;
  readonly places: AnnotationPlaces;
  readonly doc?: string;
}

/** What a file can define under a type's name: these share one set of names. */
export type TypeDefinitionNode = TypedefNode | EnumNode | StructNode;

export type DefinitionNode = ConstNode | TypeDefinitionNode | ServiceNode;
