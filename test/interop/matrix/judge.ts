import type { Cell } from './cells.js';
import { parametersOf } from './contract.js';
import { differences, show } from './difference.js';
import { inOrderFields, type Plain } from './plain.js';

type Args = Readonly<Record<string, Plain>>;

/** A call that a consumer must have received. */
export interface Expected {
  readonly name: string;
  readonly method: string;
  readonly args: Args;
  /** The known deviations that this call runs into here. */
  readonly deviations: readonly string[];
  /** Of a call that runs into some: what would arrive without them. */
  readonly without?: Args;
  /** Instead of arriving, the call must fail with this. */
  readonly error?: RegExp;
}

/**
 * Describes the report of a side about one call, in the order of the IDL, or about a message that
 * it could not send or read.
 */
export interface Received {
  readonly queue: string;
  /** Which of the messages of the queue it came in. */
  readonly body: number | string;
  readonly protocol?: string;
  readonly method?: string;
  readonly args?: readonly (Plain | null)[];
  readonly error?: string;
}

interface Arrived {
  readonly method: string;
  readonly args: Args;
  readonly text: string;
}

/** Everything that is wrong with what arrived in a cell, a line each. */
export function judge(cell: Cell, expected: readonly Expected[], received: readonly Received[]): readonly string[] {
  const calls = received.filter(({ error }) => error === undefined);
  const errors = received.flatMap(({ error }) => error ?? []);
  const readable = expected.filter(({ error }) => error === undefined);
  return [
    ...judgeBodies(cell, calls),
    ...judgeCalls(readable, calls.map(arrived), expected),
    ...judgeErrors(
      expected.filter(({ error }) => error !== undefined),
      errors,
    ),
  ];
}

/** Calls share bodies, or do not, and are in the protocol that the cell is about: else it would prove what another one does. */
function judgeBodies({ packing, protocol }: Cell, calls: readonly Received[]): string[] {
  const bodies = new Set(calls.map(({ body }) => body)).size;
  const shared = bodies < calls.length;
  const others = new Set(calls.map((call) => call.protocol).filter((name) => name !== protocol));
  return [
    ...(calls.length > 0 && shared !== (packing === 'packed')
      ? [`${calls.length} calls came in ${bodies} messages`]
      : []),
    ...[...others].map((name) => `calls came in the protocol ${name}`),
  ];
}

function judgeCalls(
  readable: readonly Expected[],
  calls: readonly Arrived[],
  all: readonly Expected[],
): readonly string[] {
  const missing = [...readable];
  const surplus = calls.filter((call) => !take(missing, (one) => textOf(one.method, one.args) === call.text));
  // What is left of a method on both sides is the same calls with other values: each with the one it is nearest to.
  const wrong = surplus.map((call) => {
    const candidates = missing.filter(({ method }) => method === call.method);
    const distances = candidates.map((one) => differences(one.args, call.args).length);
    const nearest = candidates[distances.indexOf(Math.min(...distances))];
    if (nearest === undefined) return explainSurplus(call, all);
    missing.splice(missing.indexOf(nearest), 1);
    return explainDifference(nearest, call);
  });
  return [...wrong.flat(), ...missing.map((one) => `${title(one)}: missing`)];
}

function explainDifference(expected: Expected, call: Arrived): readonly string[] {
  if (expected.without !== undefined && textOf(expected.method, expected.without) === call.text) {
    return [`${title(expected)}: ${expected.deviations.join(' and ')} is over, the call came as it was sent`];
  }
  return differences(expected.args, call.args).map(
    ({ path, expected: wanted, actual }) => `${title(expected)}: ${path}: expected ${wanted}, found ${actual}`,
  );
}

function explainSurplus(call: Arrived, all: readonly Expected[]): readonly string[] {
  const same = all.find(({ method, args, without }) =>
    [args, without].some((one) => one && textOf(method, one) === call.text),
  );
  if (same === undefined) return [`${call.method}: nobody sent this: ${show(call.args)}`];
  if (same.error !== undefined) return [`${title(same)}: ${same.deviations.join(' and ')} is over, the call arrived`];
  return [`${title(same)}: came more than once`];
}

/** Errors name no call, so each stands for one call that should fail like that. */
function judgeErrors(failing: readonly Expected[], errors: readonly string[]): readonly string[] {
  const missing = [...failing];
  const unexpected = errors.filter((error) => !take(missing, (one) => one.error!.test(error)));
  return [
    ...unexpected.map((error) => `a message failed: ${error}`),
    ...missing.map(
      (one) => `${title(one)}: should have failed with ${one.error!.source}: ${one.deviations.join(' and ')}`,
    ),
  ];
}

/** Removes the first item that fits. False if none does. */
function take<T>(items: T[], fits: (item: T) => boolean): boolean {
  const index = items.findIndex(fits);
  if (index >= 0) items.splice(index, 1);
  return index >= 0;
}

function arrived({ method = '', args = [] }: Received): Arrived {
  const parameters = parametersOf(method) ?? [];
  const named = args.map((value, i) => [parameters[i]?.name ?? `#${i + 1}`, value] as const);
  const values = named.filter((entry): entry is [string, Plain] => entry[1] !== null);
  const inOrder = inOrderFields(parameters, Object.fromEntries(values)) as Args;
  return { method, args: inOrder, text: textOf(method, inOrder) };
}

const textOf = (method: string, args: Args): string => `${method}${JSON.stringify(args)}`;

const title = ({ name, method }: Expected): string => `"${name}" (${method})`;
