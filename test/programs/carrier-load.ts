import type { BaseThriftClient } from 'nestjs-sqs-thrift';
import { ClientThriftHttp, ServerThriftHttp } from 'nestjs-sqs-thrift/http';
import { ClientThriftSocket, ServerThriftSocket } from 'nestjs-sqs-thrift/socket';
import { ClientThriftStarling, ServerThriftStarling } from 'nestjs-sqs-thrift/starling';
import { LoadQueue, numberSetting, setting } from './load.js';

const HOST = '127.0.0.1';

/** Names the carriers as the variable CARRIER does. */
type Carrier = 'socket' | 'http' | 'http-handled' | 'kestrel' | 'starling';

/** A strategy of any of the carriers. */
type Strategy = ServerThriftSocket | ServerThriftHttp | ServerThriftStarling;

const carrier = (): Carrier => setting('CARRIER') as Carrier;
const port = (): number => numberSetting('PORT', 0);
const inbox = (): number => numberSetting('INBOX', 10_000);

/** Creates the client of the carrier that the environment names. */
export function openClient(): BaseThriftClient {
  const name = carrier();
  const common = { service: LoadQueue, deliveryTimeoutMs: 30_000 };
  switch (name) {
    case 'socket':
      return new ClientThriftSocket({ host: HOST, port: port(), ...common });
    case 'http':
    case 'http-handled':
      return new ClientThriftHttp({ url: `http://${HOST}:${port()}/thrift`, ...common });
    default:
      return new ClientThriftStarling({ host: HOST, port: port(), dialect: name, queue: 'load', ...common });
  }
}

/** Creates the strategy of the carrier that the environment names. */
export function openStrategy(): Strategy {
  const name = carrier();
  const common = { service: LoadQueue, concurrency: numberSetting('CONCURRENCY', 10), drainTimeoutMs: 20_000 };
  switch (name) {
    case 'socket':
      return new ServerThriftSocket({ host: HOST, port: port(), maxMessages: inbox(), ...common });
    case 'http':
    case 'http-handled': {
      const answer = name === 'http' ? 'accepted' : 'handled';
      return new ServerThriftHttp({
        host: HOST,
        port: port(),
        path: '/thrift',
        answer,
        maxMessages: inbox(),
        ...common,
      });
    }
    default:
      return new ServerThriftStarling({ host: HOST, port: port(), dialect: name, queue: 'load', ...common });
  }
}

/** Returns the port at which a strategy listens. Strategies over a queue server listen at none. */
export function portOf(strategy: Strategy): number {
  return strategy instanceof ServerThriftStarling ? 0 : strategy.address!.port;
}
