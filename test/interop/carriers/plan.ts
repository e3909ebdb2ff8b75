import type { Call } from '../matrix/calls.js';
import type { Expected } from '../matrix/judge.js';
import type { CarrierCell } from './cells.js';
import type { TlsFiles } from './tls-files.js';

/** A client of a program: where it connects, and which calls it makes over each connection, by their positions. */
export interface ClientPlan {
  readonly queue: string;
  readonly transport: string;
  readonly protocol: CarrierCell['protocol'];
  readonly port: number;
  readonly connections: readonly (readonly number[])[];
}

/** The task of the program of a language. */
export interface CarrierPlan {
  readonly calls: readonly { readonly method: string; readonly args: Call['tagged'] }[];
  readonly clients: readonly ClientPlan[];
  readonly servers: readonly Pick<CarrierCell, 'queue' | 'transport' | 'protocol'>[];
  readonly tls: TlsFiles;
}

/**
 * Divides the calls of a cell among connections: one for all calls that can be read, and one for each call that cannot, since a server may
 * close the connection behind it.
 */
export function connectionsOf(expected: readonly Expected[], calls: readonly Call[]): readonly (readonly number[])[] {
  const positions = new Map(calls.map(({ name }, i) => [name, i]));
  const at = ({ name }: Expected): number => positions.get(name)!;
  const readable = expected.filter(({ error }) => error === undefined);
  const failing = expected.filter(({ error }) => error !== undefined);
  return [readable.map(at), ...failing.map((one) => [at(one)])];
}
