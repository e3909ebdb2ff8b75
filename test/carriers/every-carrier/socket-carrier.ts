import type { Type } from '@nestjs/common';
import type { BaseThriftClient } from 'nestjs-sqs-thrift';
import { ClientThriftSocket, ServerThriftSocket } from 'nestjs-sqs-thrift/socket';
import { INBOX_FEATURES } from '#lib/carriers/inbox/inbox-options.js';
import type { CarrierQueue, StartedCarrier, TestCarrier } from './carrier.js';
import { LatePort } from './late-port.js';
import { MemoryDeadLetters } from './memory-dead-letters.js';

async function start(): Promise<StartedCarrier> {
  const ports: LatePort[] = [];
  return {
    async open(): Promise<CarrierQueue> {
      const late = await LatePort.open();
      ports.push(late);
      const dead = new MemoryDeadLetters();
      return {
        server({ deadLetters, ...options }) {
          const server = new ServerThriftSocket({
            ...options,
            ...dead.options(deadLetters),
            host: '127.0.0.1',
            port: 0,
          });
          late.target = () => server.address!.port;
          return server;
        },
        clientOptions: (service) => ({ service, host: '127.0.0.1', port: late.port }),
        deadLetters: dead.bodies,
        left: async () => 0,
      };
    },
    async stop() {
      for (const late of ports) late.close();
    },
  };
}

export const SOCKET: TestCarrier = {
  name: 'sockets',
  features: INBOX_FEATURES,
  Client: ClientThriftSocket as Type<BaseThriftClient>,
  start,
};
