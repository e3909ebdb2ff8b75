import type { ClientProviderOptions } from '@nestjs/microservices';
import { type BaseThriftServer, ClientSqsThrift, ServerSqsThrift, type ThriftService } from 'nestjs-sqs-thrift';
import { ClientThriftHttp, ServerThriftHttp } from 'nestjs-sqs-thrift/http';
import { ClientThriftSocket, ServerThriftSocket } from 'nestjs-sqs-thrift/socket';

/** Locates the two ends of a service: a queue of SQS, or the port of the process that handles its calls. */
interface Ends {
  readonly service: ThriftService;
  readonly queue: string;
  readonly port: number;
}

interface Transport {
  readonly server: (ends: Ends) => BaseThriftServer;
  /** Returns the entry for `ClientsModule.register`. */
  readonly client: (name: symbol, ends: Ends) => ClientProviderOptions;
}

const host = '127.0.0.1';

const TRANSPORTS: Readonly<Record<string, Transport>> = {
  sqs: {
    server: ({ service, queue }) => new ServerSqsThrift({ service, queue, waitTimeSeconds: 2 }),
    client: (name, { service, queue }) => ClientSqsThrift.register(name, { service, queue }),
  },
  socket: {
    server: ({ service, port }) => new ServerThriftSocket({ service, host, port }),
    client: (name, { service, port }) => ClientThriftSocket.register(name, { service, host, port }),
  },
  http: {
    server: ({ service, port }) => new ServerThriftHttp({ service, host, port }),
    client: (name, { service, port }) => ClientThriftHttp.register(name, { service, url: `http://${host}:${port}/` }),
  },
};

/**
 * Returns the transport that the variable `OVER` of the environment names: `sqs`, the default,
 * `socket` or `http`.
 *
 * @throws Error there is no transport of the name
 */
export function transport(): Transport {
  const over = process.env['OVER'] ?? 'sqs';
  const found = TRANSPORTS[over];
  if (found) return found;
  throw new Error(`OVER is "${over}", and must be one of ${Object.keys(TRANSPORTS).join(', ')}`);
}
