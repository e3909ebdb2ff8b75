import type { Type } from '@nestjs/common';
import type { BaseThriftClient } from 'nestjs-sqs-thrift';
import { ClientThriftHttp, ServerThriftHttp } from 'nestjs-sqs-thrift/http';
import { HTTP_FEATURES } from '#lib/carriers/http/http-features.js';
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
          const server = new ServerThriftHttp({
            ...options,
            ...dead.options(deadLetters),
            host: '127.0.0.1',
            port: 0,
            path: '/thrift',
          });
          late.target = () => server.address?.port;
          return server;
        },
        clientOptions: (service) => ({ service, url: `http://127.0.0.1:${late.port}/thrift` }),
        deadLetters: dead.bodies,
        left: async () => 0,
      };
    },
    async stop() {
      for (const late of ports) late.close();
    },
  };
}

export const HTTP: TestCarrier = {
  name: 'HTTP',
  features: HTTP_FEATURES,
  answersPoison: true,
  Client: ClientThriftHttp as Type<BaseThriftClient>,
  start,
};
