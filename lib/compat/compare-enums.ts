import { fileOf } from '../idl/find-service.js';
import { report, UNTIL_DRAINED, type Comparing, type Pair } from './comparing.js';
import { enumMeanings, type EnumMeaning } from './enum-meanings.js';
import { EFFECTS, type Place } from './finding.js';

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
    report(comparing, { place: `${after.name}.${name}`, path, file }, EFFECTS.careNew, {
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
  at: Place,
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
    return report(
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
    return report(comparing, at, EFFECTS.breaksOld, {
      rule: 'enum-value-removed',
      change: `${number} is gone: new consumers get a number from queued messages that they have no name for`,
      advice: `keep it, deprecated, ${UNTIL_DRAINED}`,
    });
  }
  // One that was there before with this number meant the same then.
  if (kept) return;
  if (successor === undefined) {
    return report(comparing, at, EFFECTS.breaksBoth, {
      rule: 'enum-value-removed',
      change: `it is gone, and its number ${number} now means ${successors}: each version takes it for something else`,
      advice: keep,
    });
  }
  report(comparing, at, EFFECTS.none, {
    rule: 'enum-value-renamed',
    change: `${number} is called ${successor} now: the same on the wire`,
    advice: 'see that it means the same; if it does not, give the new meaning a new number',
  });
}
