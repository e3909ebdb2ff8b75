import type { ConstNode, DefinitionNode, NameNode, ServiceNode, TypeDefinitionNode } from './ast.js';
import type { Declared, DeclaredConst, DeclaredService, DeclaredType, EnumMember, Program, Scope } from './program.js';
import { errorAt } from './source.js';

/** Collects the definitions of one file by their plain names while a scope is built. */
interface Declarations {
  readonly types: Map<string, DeclaredType>;
  readonly services: Map<string, DeclaredService>;
  readonly constants: Map<string, DeclaredConst>;
  readonly members: Map<string, EnumMember>;
}

/**
 * Builds the scopes of all programs.
 *
 * @throws IdlError `duplicate-name`
 */
export function buildScopes(programs: readonly Program[]): ReadonlyMap<Program, Scope> {
  const own = new Map(programs.map((program) => [program, declare(program)]));
  return new Map(
    programs.map((program) => {
      const scope = emptyDeclarations();
      // If two includes share a prefix, the later include wins for each name. A file's own names
      // override both.
      for (const include of program.includes) copy(own.get(include), scope, `${include.name}.`);
      copy(own.get(program), scope, '');
      return [program, scope];
    }),
  );
}

function emptyDeclarations(): Declarations {
  return { types: new Map(), services: new Map(), constants: new Map(), members: new Map() };
}

function copy(from: Declarations | undefined, to: Declarations, prefix: string): void {
  if (from === undefined) return;
  copyNames(from.types, to.types, prefix);
  copyNames(from.services, to.services, prefix);
  copyNames(from.constants, to.constants, prefix);
  copyNames(from.members, to.members, prefix);
}

function copyNames<Value>(from: ReadonlyMap<string, Value>, to: Map<string, Value>, prefix: string): void {
  for (const [name, value] of from) to.set(prefix + name, value);
}

function declare(program: Program): Declarations {
  const scope = emptyDeclarations();
  program.ast.definitions.forEach((node, order) => {
    if (node.kind === 'const') {
      if (scope.constants.has(node.name.text)) throw duplicate(program, node.name, 'constant');
      scope.constants.set(node.name.text, declared<ConstNode>(program, order, node));
      return;
    }
    checkTypeName(program, scope, node);
    if (node.kind === 'service') scope.services.set(node.name.text, declared<ServiceNode>(program, order, node));
    else scope.types.set(node.name.text, declared<TypeDefinitionNode>(program, order, node));
    if (node.kind === 'enum') {
      for (const { name, value } of node.values) {
        scope.members.set(`${node.name.text}.${name.text}`, { value, program, order });
      }
    }
  });
  return scope;
}

function declared<Node extends DefinitionNode>(program: Program, order: number, node: Node): Declared<Node> {
  return { id: `${program.id}.${node.name.text}`, program, order, node };
}

function checkTypeName(program: Program, scope: Declarations, node: Exclude<DefinitionNode, ConstNode>): void {
  const { name } = node;
  if (scope.types.has(name.text) || scope.services.has(name.text)) throw duplicate(program, name, 'type or service');
  for (const include of program.includes) {
    if (sharesNamespaces(program, include) && definesType(include, name.text)) {
      const message =
        `the included ${include.source.label} already defines "${name.text}" in the same namespaces, ` +
        'and code generated from both would clash: rename one, or give the files different namespaces';
      throw errorAt(program.source, name.at, 'duplicate-name', message);
    }
  }
}

function duplicate(program: Program, name: NameNode, what: string): Error {
  return errorAt(program.source, name.at, 'duplicate-name', `there is already a ${what} named "${name.text}"`);
}

function definesType(program: Program, name: string): boolean {
  return program.ast.definitions.some((node) => node.kind !== 'const' && node.name.text === name);
}

/**
 * True if no generator could separate the names of two files (Apache 0.24,
 * t_program::is_common_namespace).
 */
function sharesNamespaces(a: Program, b: Program): boolean {
  return namespacesMatch(a, b) && namespacesMatch(b, a);
}

function namespacesMatch(from: Program, to: Program): boolean {
  const other = to.ast.namespaces;
  return [...from.ast.namespaces].every(
    ([language, namespace]) => (other.get(language) ?? other.get('*') ?? '') === namespace,
  );
}
