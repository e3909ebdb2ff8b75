import { fileOf } from '../../idl/find-service.js';
import type { EnumSchema } from '../../idl/schema.js';
import { type Comparing, type Pair, addFinding, UNTIL_DRAINED } from './comparing.js';
import { EFFECTS, type Effects, type SchemaLocation } from './finding.js';

/**
 * Compares an enum of both versions. The wire carries numbers, and a name gives a number its
 * meaning. This library keeps a number without a name. Readers in other languages read such a
 * number as null, or refuse the message.
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
      change: `the number ${number} is new: old consumers have no name for it`,
      advice: 'roll out consumers before producers send the number',
    });
  }
}

/** Describes a member of the old version. */
interface Member {
  readonly name: string;
  readonly number: number;
  /** The number of the same name in the new version. */
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
    change: `the number changed from ${number} (now ${before.successors || 'without a name'}) to ${now}: each version misreads values of the other version`,
    advice: keepAdvice(name, number),
  });
}

/** Compares a removed name with the names that have its number in the new version. */
function compareRemoved(
  comparing: Comparing,
  at: SchemaLocation,
  { name, number }: Pick<Member, 'name' | 'number'>,
  { successors, kept, successor }: EnumMeaning,
): void {
  if (successors === '') {
    return addFinding(comparing, at, EFFECTS.breaksOld, {
      rule: 'enum-value-removed',
      change: `the number ${number} is gone: new consumers have no name for it in queued messages`,
      advice: `keep the value, deprecated, ${UNTIL_DRAINED}`,
    });
  }
  // An alias of the same number had the same meaning before.
  if (kept) return;
  if (successor === undefined) {
    return addFinding(comparing, at, EFFECTS.breaksBoth, {
      rule: 'enum-value-removed',
      change: `the name is gone, and its number ${number} now means ${successors}: each version misreads the number`,
      advice: keepAdvice(name, number),
    });
  }
  addFinding(comparing, at, EFFECTS.none, {
    rule: 'enum-value-renamed',
    change: `the number ${number} is called ${successor} now: nothing changes on the wire`,
    advice: 'check that both names mean the same; otherwise give the new meaning a new number',
  });
}

function keepAdvice(name: string, number: number): string {
  return `keep ${name} = ${number}, deprecated, and give another value a number that was never used`;
}

/** Describes the meaning of a number in both versions of an enum. */
interface EnumMeaning {
  /** The names of the number in the new version. */
  readonly successors: string;
  /** True if one of these names had the number before. */
  readonly kept: boolean;
  /** The first of these names that the old version does not declare. */
  readonly successor: string | undefined;
  /** True if new readers give the number another meaning, or no meaning. */
  readonly oldToNew: boolean;
  /** True if old readers give the number another meaning, or no meaning. */
  readonly newToOld: boolean;
}

/** Limits the listed names of one number. */
const MAX_NAMES = 10;

/** Finds the meaning of each number once, because an enum may have tens of thousands of names. */
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

/** Holds the numbers of one version by name, and the names by number. */
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
 * True if a reader gives a number of the writer another meaning, or no meaning. Names of one number
 * are aliases. A name that the writer does not declare is a new alias.
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
