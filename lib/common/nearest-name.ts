/**
 * Limits the names that are compared: the cost is the product of both lengths, and longer names are
 * hardly ever misspelt.
 */
const LONGEST = 64;

/** Finds the candidate closest to a misspelt name; undefined if no candidate is close enough. */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
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
 * Computes the optimal string alignment distance: the number of inserted, left out, replaced and
 * swapped letters. Returns `limit` early when the lengths alone differ by at least `limit`.
 */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let before: readonly number[] = [];
  let previous: readonly number[] = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = nextRow(a, b, i, previous, before);
    before = previous;
    previous = row;
  }
  return previous[b.length]!;
}

/** Computes the distances of the first `i` letters of `a` to all beginnings of `b`. */
function nextRow(a: string, b: string, i: number, previous: readonly number[], before: readonly number[]): number[] {
  const row = [i];
  for (let j = 1; j <= b.length; j += 1) {
    const replaced = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
    const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
    const swapped = isSwap ? before[j - 2]! + 1 : replaced;
    row.push(Math.min(replaced, swapped, previous[j]! + 1, row[j - 1]! + 1));
  }
  return row;
}
