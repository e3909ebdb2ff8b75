import type { BaseThriftServer } from 'nestjs-sqs-thrift';
import type { CarrierQueue, StartedCarrier, TestCarrier } from './carrier.js';
import { LatePort } from './late-port.js';
import { MemoryDeadLetters } from './memory-dead-letters.js';

/** Options that each strategy of these carriers takes. */
type ServerOptions = Omit<Parameters<CarrierQueue['server']>[0], 'deadLetters'> &
  ReturnType<MemoryDeadLetters['options']>;

/** Differences between carriers whose clients push calls to the port of a worker. */
interface PushedCarrier<Server extends BaseThriftServer> {
  readonly server: (options: ServerOptions) => Server;
  /** Returns the port of a server. Undefined while it does not listen. */
  readonly portOf: (server: Server) => number | undefined;
  readonly clientOptions: (port: number) => object;
}

/** Returns the start of a carrier whose workers listen at a free port of this machine. */
export function pushedCarrier<Server extends BaseThriftServer>(carrier: PushedCarrier<Server>): TestCarrier['start'] {
  return async (): Promise<StartedCarrier> => {
    const ports: LatePort[] = [];
    return {
      async open(): Promise<CarrierQueue> {
        const late = await LatePort.open();
        ports.push(late);
        const dead = new MemoryDeadLetters();
        return {
          server({ deadLetters, ...options }) {
            const server = carrier.server({ ...options, ...dead.options(deadLetters) });
            late.target = () => carrier.portOf(server);
            return server;
          },
          clientOptions: (service) => ({ service, ...carrier.clientOptions(late.port) }),
          deadLetters: dead.bodies,
          left: async () => 0,
        };
      },
      async stop() {
        for (const late of ports) late.close();
      },
    };
  };
}
