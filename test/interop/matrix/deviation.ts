import type { Call } from './calls.js';
import type { Cell } from './cells.js';
import { parametersOf } from './contract.js';
import type { Expected } from './judge.js';
import { inOrderFields, type Plain } from './plain.js';

type Args = Readonly<Record<string, Plain>>;

/** One way in which a runtime is known not to do what the others do. It must still be so: one that is over is an error. */
export interface Deviation {
  readonly id: string;
  /** Explains the deviation to people, and why this library cannot fix it. */
  readonly why: string;
  readonly applies: (cell: Cell, call: Call) => boolean;
  /** The call cannot be made or handled there at all, and is left out. */
  readonly unsent?: true;
  /** The message cannot be sent or read, with an error like this. */
  readonly error?: RegExp;
  /** It arrives with other values. */
  readonly alter?: (args: Args, call: Call, cell: Cell) => Args;
}

/** Returns the expected value of a cell, from the known deviations of its two sides. */
export function expectedOf(cell: Cell, calls: readonly Call[], known: readonly Deviation[]): readonly Expected[] {
  return calls.flatMap((call) => expectCall(cell, call, met(cell, call, known)) ?? []);
}

/** The deviations that no call runs into any more, in any of the cells. */
export function neverMet(
  expected: ReadonlyMap<Cell, readonly Expected[]>,
  calls: readonly Call[],
  known: readonly Deviation[],
): readonly Deviation[] {
  const cells = [...expected.keys()];
  const seen = new Set([...expected.values()].flat().flatMap(({ deviations }) => deviations));
  return known.filter(
    ({ id, unsent, applies }) =>
      !seen.has(id) && !(unsent && cells.some((cell) => calls.some((call) => applies(cell, call)))),
  );
}

function met(cell: Cell, call: Call, known: readonly Deviation[]): readonly Deviation[] {
  return known.filter((deviation) => deviation.applies(cell, call));
}

function expectCall(cell: Cell, call: Call, deviating: readonly Deviation[]): Expected | undefined {
  if (deviating.some(({ unsent }) => unsent)) return undefined;
  const { name, method, expected } = call;
  const failing = deviating.find(({ error }) => error);
  if (failing?.error) return { name, method, args: expected, deviations: [failing.id], error: failing.error };
  let args = expected;
  const deviations: string[] = [];
  for (const { id, alter } of deviating) {
    const altered =
      alter === undefined ? args : (inOrderFields(parametersOf(method)!, alter(args, call, cell)) as Args);
    if (JSON.stringify(altered) !== JSON.stringify(args)) deviations.push(id);
    args = altered;
  }
  const without = deviations.length > 0 && { without: expected };
  return { name, method, args, deviations, ...without };
}
