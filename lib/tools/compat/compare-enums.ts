import { fileOf } from '../../idl/find-service.js';
import type { EnumSchema } from '../../idl/schema.js';
import { type Comparing, type Pair, addFinding, UNTIL_DRAINED } from './comparing.js';
import { EFFECTS, type Effects, type SchemaLocation } from './finding.js';

/**
 * Compares an enum of both versions. The wire holds numbers, and a name is the meaning of a number.
 * This library keeps a number without a name as it is. Readers in other languages make null of it,
 * or refuse the message.
 */
export function compareEnums(comparing: Comparing, pair: Pair): void {
  const { path } = pair;
  const before = comparing.before.enums.get(pair.before)!;
  const after = comparing.after.enums.get(pair.after)!;
  const file = fileOf(comparing.after, after);
  const meaning = enumMeanings(before, after);
  for (const [name, number] of before.values) {
    compareMember(comparing, { place: `${before.name}.${name}`, path, file }, meaning, {
      name,
      number,
      now: after.values.get(name),
    });
  }
  const numbers = new Set(before.values.values());
  for (const [name, number] of after.values) {
    if (before.values.has(name) || numbers.has(number)) continue;
    addFinding(comparing, { place: `${after.name}.${name}`, path, file }, EFFECTS.careNew, {
      rule: 'enum-value-added',
      change: `${number} is new: old consumers get a number that they have no name for`,
      advice: 'roll out consumers before producers send it',
    });
  }
}

/** A name of the old version. */
interface Member {
  readonly name: string;
  readonly number: number;
  /** Its number in the new version. */
  readonly now: number | undefined;
}

function compareMember(
  comparing: Comparing,
  at: SchemaLocation,
  meaning: (number: number) => EnumMeaning,
  { name, number, now }: Member,
): void {
  if (now === number) return;
  if (now !== undefined) reportRenumbered(comparing, at, { name, number, now }, [meaning(number), meaning(now)]);
  else compareRemoved(comparing, at, { name, number }, meaning(number));
}

function reportRenumbered(
  comparing: Comparing,
  at: SchemaLocation,
  { name, number, now }: Member & { readonly now: number },
  [before, after]: readonly [EnumMeaning, EnumMeaning],
): void {
  const effects: Effects = {
    oldToNew: before.oldToNew || after.oldToNew ? 'breaking' : 'ok',
    newToOld: before.newToOld || after.newToOld ? 'breaking' : 'ok',
  };
  addFinding(comparing, at, effects, {
    rule: 'enum-value-renumbered',
    change: `it was ${number}, now ${before.successors || 'without a name'}, and is ${now}: neither version can tell what the other one means`,
    advice: keepAdvice(name, number),
  });
}

/** Compares a name that the new version does not have with those that have its number now. */
function compareRemoved(
  comparing: Comparing,
  at: SchemaLocation,
  { name, number }: Pick<Member, 'name' | 'number'>,
  { successors, kept, successor }: EnumMeaning,
): void {
  if (successors === '') {
    return addFinding(comparing, at, EFFECTS.breaksOld, {
      rule: 'enum-value-removed',
      change: `${number} is gone: new consumers get a number from queued messages that they have no name for`,
      advice: `keep it, deprecated, ${UNTIL_DRAINED}`,
    });
  }
  // A name that had this number before meant the same.
  if (kept) return;
  if (successor === undefined) {
    return addFinding(comparing, at, EFFECTS.breaksBoth, {
      rule: 'enum-value-removed',
      change: `it is gone, and its number ${number} now means ${successors}: each version takes it for something else`,
      advice: keepAdvice(name, number),
    });
  }
  addFinding(comparing, at, EFFECTS.none, {
    rule: 'enum-value-renamed',
    change: `${number} is called ${successor} now: the same on the wire`,
    advice: 'see that it means the same; if it does not, give the new meaning a new number',
  });
}

function keepAdvice(name: string, number: number): string {
  return `keep ${name} = ${number}, deprecated, and give another value a number that was never used`;
}

/** The meaning of a number in both versions of an enum. */
interface EnumMeaning {
  /** Its names in the new version. */
  readonly successors: string;
  /** One of those had this number before. */
  readonly kept: boolean;
  /** The first of them that the old version does not have. */
  readonly successor: string | undefined;
  /** New readers have another meaning or none for it. */
  readonly oldToNew: boolean;
  /** Old readers have another meaning or none for it. */
  readonly newToOld: boolean;
}

/** Only so many names of one number are listed. */
const MAX_NAMES = 10;

/** Finds the meaning of each number once: an enum may have tens of thousands of names. */
function enumMeanings(before: EnumSchema, after: EnumSchema): (number: number) => EnumMeaning {
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

/**
 * Returns true where a reader has another meaning or none for a number of a writer. Names of one
 * number are one value, and a name that the writer does not know is a new spelling of it.
 */
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
