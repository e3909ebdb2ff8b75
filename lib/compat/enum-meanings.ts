import type { EnumSchema } from '../idl/schema.js';

/** What a number of either version of an enum is to both of them. */
export interface EnumMeaning {
  /** Its names in the new version. */
  readonly successors: string;
  /** Whether one of those had this number before. */
  readonly kept: boolean;
  /** The first of them that the old version does not have. */
  readonly successor: string | undefined;
  /** Whether readers have another meaning or none for it. */
  readonly oldToNew: boolean;
  readonly newToOld: boolean;
}

/** Of many names for one number, more are not told. */
const MAX_NAMES = 10;

/** Looks into each number once, however many names it has: enums may have tens of thousands of them. */
export function enumMeanings(before: EnumSchema, after: EnumSchema): (number: number) => EnumMeaning {
  const old = sideOf(before);
  const now = sideOf(after);
  const known = new Map<number, EnumMeaning>();
  return (number) => {
    const found = known.get(number) ?? meaningOf(number, old, now);
    known.set(number, found);
    return found;
  };
}

/** One version: its numbers by name, and the other way round. */
interface Side {
  readonly numbers: ReadonlyMap<string, number>;
  readonly names: ReadonlyMap<number, readonly string[]>;
}

function sideOf({ values }: EnumSchema): Side {
  const names = new Map<number, string[]>();
  for (const [name, number] of values) {
    const found = names.get(number);
    if (found === undefined) names.set(number, [name]);
    else found.push(name);
  }
  return { numbers: values, names };
}

function meaningOf(number: number, before: Side, after: Side): EnumMeaning {
  const names = after.names.get(number) ?? [];
  const more = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : '';
  return {
    successors: names.slice(0, MAX_NAMES).join(', ') + more,
    kept: names.some((name) => before.numbers.get(name) === number),
    successor: names.find((name) => !before.numbers.has(name)),
    oldToNew: isMisread(before, after, number),
    newToOld: isMisread(after, before, number),
  };
}

/** Whether a reader has another meaning or none for a number of a writer. Names of one number are one value; an unknown name is a new spelling. */
function isMisread(writer: Side, reader: Side, number: number): boolean {
  const written = writer.names.get(number) ?? [];
  const read = reader.names.get(number) ?? [];
  if (written.length === 0 || written.some((name) => reader.numbers.get(name) === number)) return false;
  return (
    read.length === 0 ||
    read.some((name) => writer.numbers.has(name)) ||
    written.some((name) => reader.numbers.has(name))
  );
}
