import type { ValueNode } from './ast.js';
import type { ThriftType } from './schema.js';

/** Maps ids to the declarations that provide a type's name. */
interface Declarations {
  readonly declared: ReadonlyMap<
    string,
    { readonly node: { readonly kind: string; readonly name: { readonly text: string } } }
  >;
}

/** Describes a type for an error message: `map<string, i32>`, `struct "File"`. */
export function describeType(resolver: Declarations, type: ThriftType): string {
  switch (type.kind) {
    case 'list':
    case 'set':
      return `${type.kind}<${describeType(resolver, type.element)}>`;
    case 'map':
      return `map<${describeType(resolver, type.key)}, ${describeType(resolver, type.value)}>`;
    case 'struct':
    case 'enum':
      return describeDeclared(resolver, type);
    default:
      return type.kind;
  }
}

function describeDeclared(
  resolver: Declarations,
  { kind, id }: { readonly kind: string; readonly id: string },
): string {
  const node = resolver.declared.get(id)?.node;
  return node === undefined ? `${kind} "${id}"` : `${node.kind} "${node.name.text}"`;
}

const VALUES: Readonly<Record<ValueNode['kind'], string>> = {
  integer: 'an integer',
  double: 'a double',
  string: 'a string',
  reference: 'a reference',
  list: 'a list in [ ]',
  map: 'a map in { }',
};

/** Describes a value's shape for an error message. */
export function describeValue(node: ValueNode): string {
  return VALUES[node.kind];
}

/**
 * Limits the names that are compared: the cost is the product of both lengths, and longer names are
 * hardly ever misspelt.
 */
const LONGEST = 64;

/** Finds the candidate closest to a misspelt name; undefined if no candidate is close enough. */
function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  if (name.length > LONGEST) return undefined;
  const wanted = name.toLowerCase();
  let best: string | undefined;
  // Allow one mistake per three letters. A name with more mistakes is a different name.
  let bestDistance = Math.floor((name.length + 1) / 3) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(wanted, candidate.toLowerCase(), bestDistance);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/**
 * Suggests the closest candidate as `: did you mean "File"?`; empty if no candidate is close
 * enough.
 */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  const nearest = nearestName(name, candidates);
  return nearest === undefined ? '' : `: did you mean "${nearest}"?`;
}

/**
 * Computes the Levenshtein distance. Returns `limit` early when the lengths alone differ by at
 * least `limit`.
 */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(substitution, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? limit;
}
