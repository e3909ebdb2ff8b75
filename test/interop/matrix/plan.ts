import { createEventCodec } from 'nestjs-sqs-thrift/codec';
import type { Call } from './calls.js';
import type { Cell, Language } from './cells.js';
import { service } from './contract.js';
import type { Expected } from './judge.js';

/** Where to put the calls of a cell, by their positions, and which of them share a body. */
export interface Production {
  readonly queue: string;
  readonly protocol: Cell['protocol'];
  readonly bodies: readonly (readonly number[])[];
}

/** Describes the task of the program of a language: calls to send, and queues to empty. */
export interface Plan {
  readonly calls: readonly { readonly method: string; readonly args: Call['tagged'] }[];
  readonly produce: readonly Production[];
  readonly consume: readonly string[];
  /** The file to write a line into for each call that came, and for each message that could not be sent or read. */
  readonly notes: string;
}

/** Bytes of calls that share a body; a larger call goes alone. What the clients of this library take by default. */
const BODY_BYTES = 8192;

export function planOf(
  language: Language,
  cells: readonly Cell[],
  calls: readonly Call[],
  expected: ReadonlyMap<Cell, readonly Expected[]>,
  notes: string,
): Plan {
  return {
    calls: calls.map(({ method, tagged }) => ({ method, args: tagged })),
    produce: cells
      .filter(({ producer }) => producer === language)
      .map((cell) => production(cell, calls, expected.get(cell)!)),
    consume: cells.filter(({ consumer }) => consumer === language).map(({ queue }) => queue),
    notes,
  };
}

function production(cell: Cell, calls: readonly Call[], expected: readonly Expected[]): Production {
  const codec = createEventCodec([service], { protocol: cell.protocol });
  const positions = new Map(calls.map(({ name }, i) => [name, i]));
  const bodies: number[][] = [];
  let room = 0;
  for (const { name, error } of expected) {
    const position = positions.get(name)!;
    const { method, args } = calls[position]!;
    const bytes = codec.encode({ method, args }).length;
    // A call that cannot be read would take along what shares its body.
    const alone = cell.packing === 'single' || error !== undefined;
    if (alone || bytes > room) {
      bodies.push([position]);
      room = alone ? 0 : BODY_BYTES - bytes;
    } else {
      bodies.at(-1)!.push(position);
      room -= bytes;
    }
  }
  return { queue: cell.queue, protocol: cell.protocol, bodies };
}
