import { fileOf } from '../../idl/find-service.js';
import type { EnumSchema } from '../../idl/schema.js';
import { type Comparing, type Pair, addFinding, UNTIL_DRAINED } from './comparing.js';
import { EFFECTS, type SchemaLocation } from './finding.js';

/**
 * An enum in both versions. The wire holds numbers, and names are what they mean. Here a number without a name stays a number; readers
 * in other languages make null of it, or refuse the message.
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
  const { successors, kept, successor, ...misread } = meaning(number);
  const keep = `keep ${name} = ${number}, deprecated, and give another value a number that was never used`;
  if (now !== undefined) {
    const other = meaning(now);
    const oldToNew = misread.oldToNew || other.oldToNew ? 'breaking' : 'ok';
    const newToOld = misread.newToOld || other.newToOld ? 'breaking' : 'ok';
    return addFinding(
      comparing,
      at,
      { oldToNew, newToOld },
      {
        rule: 'enum-value-renumbered',
        change: `it was ${number}, now ${successors || 'without a name'}, and is ${now}: neither version can tell what the other one means`,
        advice: keep,
      },
    );
  }
  if (successors === '') {
    return addFinding(comparing, at, EFFECTS.breaksOld, {
      rule: 'enum-value-removed',
      change: `${number} is gone: new consumers get a number from queued messages that they have no name for`,
      advice: `keep it, deprecated, ${UNTIL_DRAINED}`,
    });
  }
  // One that was there before with this number meant the same then.
  if (kept) return;
  if (successor === undefined) {
    return addFinding(comparing, at, EFFECTS.breaksBoth, {
      rule: 'enum-value-removed',
      change: `it is gone, and its number ${number} now means ${successors}: each version takes it for something else`,
      advice: keep,
    });
  }
  addFinding(comparing, at, EFFECTS.none, {
    rule: 'enum-value-renamed',
    change: `${number} is called ${successor} now: the same on the wire`,
    advice: 'see that it means the same; if it does not, give the new meaning a new number',
  });
}

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
