import type { Received } from '../matrix/judge.js';
import type { ProgramLanguage } from '../matrix/program.js';
import type { CarrierCell } from './cells.js';
import type { CarrierPlan, ClientPlan } from './plan.js';

/** How often each client calls. */
const TIMES = 3;

/** Clients of all languages, transports and protocols that call one port at the same time. Each says who it is. */
export class OnePort {
  static readonly NAME = 'one-port';

  /** The server of the port. */
  readonly cell: CarrierCell = {
    producer: 'python',
    consumer: 'nest',
    protocol: 'binary',
    packing: 'single',
    transport: 'framed',
    queue: OnePort.NAME,
  };

  constructor(private readonly cells: readonly CarrierCell[]) {}

  get count(): number {
    return this.cells.length * TIMES;
  }

  /** @param first position of the first call that is added to the plan */
  plan(language: ProgramLanguage, port: number, first: number): Pick<CarrierPlan, 'calls' | 'clients'> {
    const own = this.cells.filter(({ producer }) => producer === language);
    const clients = own.map(({ transport, protocol }, i): ClientPlan => ({
      queue: OnePort.NAME,
      transport,
      protocol,
      port,
      connections: [Array.from({ length: TIMES }, () => first + i)],
    }));
    const calls = own.map(({ queue }) => ({ method: 'testString', args: { thing: ['string', queue] as const } }));
    return { calls, clients };
  }

  /** Returns all that is wrong with what arrived at the port. */
  judge(received: readonly Received[]): readonly string[] {
    const errors = received.flatMap(({ error }) => (error === undefined ? [] : [`on one port: ${error}`]));
    const names = received.map(({ args }) => args?.[0]);
    const wrong = this.cells
      .map(({ queue }) => [queue, names.filter((name) => name === queue).length] as const)
      .filter(([, count]) => count !== TIMES);
    return [...errors, ...wrong.map(([queue, count]) => `on one port: ${count} of ${TIMES} calls of ${queue} arrived`)];
  }
}
