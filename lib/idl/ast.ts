import type { Annotations, BaseTypeName, Requiredness } from './schema.js';

/**
 * Describes the syntax tree of one file. `at` is always the offset that an error message points to.
 */
export interface ProgramNode {
  readonly includes: readonly IncludeNode[];
  readonly namespaces: ReadonlyMap<string, string>;
  readonly definitions: readonly DefinitionNode[];
}

/** Represents `include "path"`. */
export interface IncludeNode {
  readonly path: string;
  readonly at: number;
}

export interface NameNode {
  readonly text: string;
  readonly at: number;
}

/**
 * Represents a type as written. `named` refers to a struct, enum, typedef or other declared type.
 */
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

/** Represents a constant value as written, before a type is assigned. */
export type ValueNode =
  | { readonly kind: 'integer'; readonly value: bigint; readonly at: number }
  | { readonly kind: 'double'; readonly value: number; readonly at: number }
  | { readonly kind: 'string'; readonly value: string; readonly at: number }
  | { readonly kind: 'reference'; readonly name: string; readonly at: number }
  | { readonly kind: 'list'; readonly items: readonly ValueNode[]; readonly at: number }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [ValueNode, ValueNode])[]; readonly at: number };

/** Represents a field of a struct, a parameter, or an exception in `throws`. */
export interface FieldNode {
  readonly id: number;
  readonly name: NameNode;
  readonly type: TypeNode;
  readonly requiredness: Requiredness;
  /**
   * True if the field is written with `&`, which requests a pointer from Apache's C++ generator.
   * The flag does not affect the wire.
   */
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

/** Maps each annotation key of a service or function to its offsets in the source. */
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

/** Lists the definitions that share the namespace of type names in a file. */
export type TypeDefinitionNode = TypedefNode | EnumNode | StructNode;

export type DefinitionNode = ConstNode | TypeDefinitionNode | ServiceNode;
