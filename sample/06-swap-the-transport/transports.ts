import { type BaseThriftClient, type BaseThriftServer, ClientSqsThrift, ServerSqsThrift } from 'nestjs-sqs-thrift';
import { ClientThriftHttp, ServerThriftHttp } from 'nestjs-sqs-thrift/http';
import { ClientThriftSocket, ServerThriftSocket } from 'nestjs-sqs-thrift/socket';
import { ClientThriftStarling, ServerThriftStarling } from 'nestjs-sqs-thrift/starling';
import {
  ClientThriftMemory,
  ServerThriftMemory,
  startEmbeddedSqs,
  startEmbeddedStarling,
} from 'nestjs-sqs-thrift/testing';
import { Uploads as service } from '../generated/uploads.js';

/** Everything that differs between two transports. */
export interface Transport {
  /** The strategy of the worker. */
  readonly server: BaseThriftServer;
  /** Creates the client of the web application, once the worker listens. */
  readonly createClient: () => BaseThriftClient;
  /** Stops the queue between them, if there is one. */
  readonly stop: () => Promise<void>;
}

/** The same in every transport: a failed call comes back at once, and a rejected call is dropped. */
const common = { service, retry: { baseSeconds: 0 }, poisonPolicy: 'drop' } as const;

async function nothing(): Promise<void> {}

async function sqs(): Promise<Transport> {
  const server = await startEmbeddedSqs();
  await server.createQueue('uploads');
  const { region, endpoint, credentials } = server;
  const queue = { region, endpoint, credentials, queue: 'uploads' };
  return {
    server: new ServerSqsThrift({ ...common, ...queue, waitTimeSeconds: 1 }),
    createClient: () => new ClientSqsThrift({ service, ...queue }),
    stop: () => server.stop(),
  };
}

function socket(): Transport {
  const server = new ServerThriftSocket({ ...common, host: '127.0.0.1', port: 0 });
  return {
    server,
    createClient: () => new ClientThriftSocket({ service, host: '127.0.0.1', port: server.address!.port }),
    stop: nothing,
  };
}

function http(): Transport {
  const server = new ServerThriftHttp({ ...common, host: '127.0.0.1', port: 0, path: '/thrift' });
  return {
    server,
    createClient: () => new ClientThriftHttp({ service, url: `http://127.0.0.1:${server.address?.port}/thrift` }),
    stop: nothing,
  };
}

async function starling(): Promise<Transport> {
  const server = await startEmbeddedStarling();
  const queue = { host: server.host, port: server.port, queue: 'uploads' };
  return {
    server: new ServerThriftStarling({ ...common, ...queue }),
    createClient: () => new ClientThriftStarling({ service, ...queue }),
    stop: () => server.stop(),
  };
}

function memory(): Transport {
  return {
    server: new ServerThriftMemory({ ...common, queue: 'uploads' }),
    createClient: () => new ClientThriftMemory({ service, queue: 'uploads' }),
    stop: nothing,
  };
}

/** The transports, by the names of the command line. */
export const TRANSPORTS: Readonly<Record<string, () => Transport | Promise<Transport>>> = {
  sqs,
  socket,
  http,
  starling,
  memory,
};
