/** By type tag; the order is that of the table in `doc/specs/thrift-binary-protocol.md`. */
const LEAST = [0, 0, 1, 1, 8, 0, 2, 0, 4, 0, 8, 4, 1, 6, 5, 5, 16];

/** The fewest bytes a value of a type tag takes in the binary protocol; 0 for a tag that no value can have. */
export function leastBytes(type: number): number {
  return LEAST[type] ?? 0;
}
