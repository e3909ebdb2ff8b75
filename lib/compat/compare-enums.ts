import { fileOf } from '../idl/find-service.js';
import type { EnumSchema } from '../idl/schema.js';
import { report, UNTIL_DRAINED, type Comparing, type Pair } from './comparing.js';
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
  for (const [name, number] of before.values) {
    compareMember(comparing, { place: `${before.name}.${name}`, path, file }, [before, after], [name, number]);
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

function compareMember(
  comparing: Comparing,
  at: Place,
  [before, after]: readonly [EnumSchema, EnumSchema],
  [name, number]: readonly [string, number],
): void {
  const now = after.values.get(name);
  if (now === number) return;
  const successors = namesOf(after, number);
  const keep = `keep ${name} = ${number}, deprecated, and give another value a number that was never used`;
  if (now !== undefined) {
    const numbers = [number, now];
    const oldToNew = numbers.some((sent) => isMisread(before, after, sent)) ? 'breaking' : 'ok';
    const newToOld = numbers.some((sent) => isMisread(after, before, sent)) ? 'breaking' : 'ok';
    return report(
      comparing,
      at,
      { oldToNew, newToOld },
      {
        rule: 'enum-value-renumbered',
        change: `it was ${number}, now ${successors.join(', ') || 'without a name'}, and is ${now}: neither version can tell what the other one means`,
        advice: keep,
      },
    );
  }
  if (successors.length === 0) {
    return report(comparing, at, EFFECTS.breaksOld, {
      rule: 'enum-value-removed',
      change: `${number} is gone: new consumers get a number from queued messages that they have no name for`,
      advice: `keep it, deprecated, ${UNTIL_DRAINED}`,
    });
  }
  // One that was there before with this number meant the same then.
  if (successors.some((other) => before.values.get(other) === number)) return;
  if (successors.every((other) => before.values.has(other))) {
    return report(comparing, at, EFFECTS.breaksBoth, {
      rule: 'enum-value-removed',
      change: `it is gone, and its number ${number} now means ${successors.join(', ')}: each version takes it for something else`,
      advice: keep,
    });
  }
  const successor = successors.find((other) => !before.values.has(other));
  report(comparing, at, EFFECTS.none, {
    rule: 'enum-value-renamed',
    change: `${number} is called ${successor} now: the same on the wire`,
    advice: 'see that it means the same; if it does not, give the new meaning a new number',
  });
}

/** Whether a reader has another meaning or none for a number of a writer. Names of one number are one value; an unknown name is a new spelling. */
function isMisread(writer: EnumSchema, reader: EnumSchema, number: number): boolean {
  const written = namesOf(writer, number);
  const read = namesOf(reader, number);
  if (written.length === 0 || written.some((name) => read.includes(name))) return false;
  return (
    read.length === 0 || read.some((name) => writer.values.has(name)) || written.some((name) => reader.values.has(name))
  );
}

function namesOf({ values }: EnumSchema, number: number): readonly string[] {
  return [...values].filter(([, other]) => other === number).map(([name]) => name);
}
