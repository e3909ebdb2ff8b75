import type { Type } from '@nestjs/common';
import type { BaseThriftClient } from 'nestjs-sqs-thrift';
import { ClientThriftStarling, ServerThriftStarling } from 'nestjs-sqs-thrift/starling';
import { type EmbeddedStarlingOptions, startEmbeddedStarling } from 'nestjs-sqs-thrift/testing';
import { STARLING_FEATURES } from '#lib/carriers/starling/starling-sender.js';
import type { CarrierQueue, StartedCarrier, TestCarrier } from './carrier.js';

async function start(kind: EmbeddedStarlingOptions['server']): Promise<StartedCarrier> {
  const starling = await startEmbeddedStarling({ server: kind });
  const { host, port } = starling;
  let count = 0;
  return {
    async open(): Promise<CarrierQueue> {
      const queue = `queue-${(count += 1)}`;
      const errors = `${queue}_errors`;
      return {
        server: ({ deadLetters = false, ...options }) =>
          new ServerThriftStarling({
            ...options,
            host,
            port,
            queue,
            poisonPolicy: deadLetters ? 'dead-letter' : 'drop',
          }),
        clientOptions: (service) => ({ service, host, port, queue }),
        deadLetters: async () => starling.items(errors),
        left: async () => starling.items(queue).length + starling.openItems(queue),
      };
    },
    stop: () => starling.stop(),
  };
}

const COMMON = { features: STARLING_FEATURES, Client: ClientThriftStarling as Type<BaseThriftClient> };

export const STARLING: TestCarrier = { ...COMMON, name: 'a Starling', start: () => start('starling') };
export const SIBERITE: TestCarrier = { ...COMMON, name: 'a Siberite', start: () => start('siberite') };
export const KESTREL: TestCarrier = { ...COMMON, name: 'a Kestrel', start: () => start('kestrel') };
