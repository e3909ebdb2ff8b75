import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { ClientTCP } from '@nestjs/microservices';
import { ClientThriftHttp } from 'nestjs-sqs-thrift/http';
import { ClientThriftSocket } from 'nestjs-sqs-thrift/socket';
import { ClientThriftStarling } from 'nestjs-sqs-thrift/starling';
import { lastValueFrom, type Observable } from 'rxjs';
import type { Candidate } from '../kit/bench.js';
import type { Cost } from '../kit/cost.js';
import { emitAll } from '../kit/emit-all.js';
import { codec, event, Visits } from '../kit/events.js';
import type { ConsumeTask } from './consumers.js';
import { fill, RawConnection } from './raw-starling.js';
import { type Costs, measured, startServer, toCandidate, type Way } from './way.js';

/** The part of a Nest client that all of them share. */
interface NestClient {
  connect(): Promise<unknown>;
  emit(pattern: string, data: object): Observable<unknown>;
  close(): unknown;
}

const HOST = '127.0.0.1';
const QUEUE = 'bench';
/** Emits without an answer at a time. */
const WINDOW = 1000;
/** Open requests at a time, with and without the library. */
const REQUESTS = 16;
/** Batches in flight at a time, and commands of a batch. */
const BATCHES = 4;
const BATCH = 64;
/** Connections with one command in flight each, and items in hand at a time. */
const CONCURRENCY = 10;

/** From `emit` to the handler in the other process, with any client of Nest. */
function emitted(
  name: string,
  kind: 'nest-tcp' | 'socket' | 'http',
  events: number,
  open: (port: number) => NestClient,
): Way {
  return {
    name,
    events,
    async start() {
      const server = await startServer(kind);
      const client = open(server.port);
      await client.connect();
      const emit = (i: number): Promise<unknown> =>
        lastValueFrom(client.emit('visited', event(i)), { defaultValue: undefined });
      return {
        run: (count) =>
          measured(server, () => Promise.all([emitAll(count, WINDOW, emit), server.child.ask('handled', count)])),
        async stop() {
          await client.close();
          await server.child.stop();
        },
      };
    },
  };
}

/** Bytes of the length before a frame. */
const LENGTH_BYTES = 4;

/** Writes each call by itself, as Nest's TCP client does, to a server of the library. */
const singleWrites: Way = {
  name: 'socket, one call a write',
  events: 20_000,
  async start() {
    const server = await startServer('socket');
    const socket = connect({ host: HOST, port: server.port, noDelay: true });
    await once(socket, 'connect');
    const emit = (i: number): Promise<void> =>
      new Promise((resolve, reject) => {
        const body = codec.encode({ method: 'visited', args: event(i) });
        const frame = Buffer.allocUnsafe(LENGTH_BYTES + body.length);
        frame.writeInt32BE(body.length);
        frame.set(body, LENGTH_BYTES);
        socket.write(frame, (error) => (error ? reject(error) : resolve()));
      });
    return {
      run: (count) =>
        measured(server, () => Promise.all([emitAll(count, WINDOW, emit), server.child.ask('handled', count)])),
      async stop() {
        socket.destroy();
        await server.child.stop();
      },
    };
  },
};

/** Posts bodies with the HTTP client of Node, as an application without a library does. */
const rawPosts: Way = {
  name: 'raw POST loop',
  events: 10_000,
  async start() {
    const server = await startServer('raw-http');
    const agent = new Agent({ keepAlive: true, maxSockets: REQUESTS });
    const post = (i: number): Promise<void> =>
      new Promise((resolve, reject) => {
        const body = codec.encode({ method: 'visited', args: event(i) });
        const headers = { 'content-type': 'application/x-thrift', 'content-length': body.length };
        const options = { host: HOST, port: server.port, path: '/thrift', method: 'POST', agent, headers };
        request(options, (response) => response.on('end', resolve).resume())
          .on('error', reject)
          .end(body);
      });
    return {
      run: (count) =>
        measured(server, () => Promise.all([emitAll(count, REQUESTS, post), server.child.ask('handled', count)])),
      async stop() {
        agent.destroy();
        await server.child.stop();
      },
    };
  },
};

type StoreKind = 'starling' | 'siberite';

/** Stores with `set`: each connection sends as many commands in a write, then waits for their answers. */
function rawSets(kind: StoreKind, name: string, connectionCount: number, commands: number): Way {
  return {
    name: `${name}, ${kind}`,
    events: 20_000,
    async start() {
      const server = await startServer(kind);
      const connections = await Promise.all(
        Array.from({ length: connectionCount }, () => RawConnection.open(server.port)),
      );
      const bodies = (from: number, count: number): Uint8Array[] =>
        Array.from({ length: count }, (_, i) => codec.encode({ method: 'visited', args: event(from + i) }));
      const run = (count: number): Promise<Costs> =>
        measured(server, async () => {
          let next = 0;
          const loop = async (connection: RawConnection): Promise<void> => {
            for (let from = next; from < count; from = next) {
              next += commands;
              await connection.setAll(QUEUE, bodies(from, Math.min(commands, count - from)));
            }
          };
          await Promise.all(connections.map(loop));
        });
      return {
        run,
        stop: () => {
          for (const connection of connections) connection.close();
          return server.child.stop();
        },
      };
    },
  };
}

function ownSets(kind: StoreKind): Way {
  return {
    name: `starling client, ${kind}`,
    events: 20_000,
    async start() {
      const server = await startServer(kind);
      const client = new ClientThriftStarling({
        host: HOST,
        port: server.port,
        queue: QUEUE,
        service: Visits,
        maxInFlight: BATCHES,
      });
      await client.connect();
      const emit = (i: number): Promise<unknown> => lastValueFrom(client.emit('visited', event(i)));
      return {
        run: (count) => measured(server, () => emitAll(count, WINDOW, emit)),
        async stop() {
          await client.close();
          await server.child.stop();
        },
      };
    },
  };
}

/** Takes what was stored before, with the commands of the dialect. */
function consumed(kind: StoreKind, consumer: 'library' | 'raw'): Way {
  const dialect = kind === 'starling' ? 'starling' : 'kestrel';
  const commands = dialect === 'starling' ? 'get' : 'open and close';
  return {
    name: consumer === 'raw' ? `raw ${commands} loop, ${kind}` : `starling server, ${kind}`,
    events: 10_000,
    async start() {
      const [store, worker] = await Promise.all([startServer(kind), startServer('consumer')]);
      return {
        async run(events) {
          const bodies = Array.from({ length: events }, (_, i) => codec.encode({ method: 'visited', args: event(i) }));
          await fill(store.port, QUEUE, bodies);
          const from = { dialect, port: store.port, queue: QUEUE } as const;
          const task: ConsumeTask = { ...from, consumer, events, concurrency: CONCURRENCY };
          const { seconds, cpu } = await worker.child.ask<Cost>('consume', task);
          return { seconds, receiverCpu: cpu };
        },
        async stop() {
          await worker.child.stop();
          await store.child.stop();
        },
      };
    },
  };
}

const ways: readonly Way[] = [
  emitted('Nest TCP', 'nest-tcp', 20_000, (port) => new ClientTCP({ host: HOST, port })),
  emitted('socket', 'socket', 20_000, (port) => new ClientThriftSocket({ host: HOST, port, service: Visits })),
  singleWrites,
  rawPosts,
  emitted(
    'http',
    'http',
    10_000,
    (port) => new ClientThriftHttp({ url: `http://${HOST}:${port}/thrift`, service: Visits, maxInFlight: REQUESTS }),
  ),
  ...(['starling', 'siberite'] as const).flatMap((kind) => [
    rawSets(kind, 'raw set loop', CONCURRENCY, 1),
    rawSets(kind, 'raw set loop in batches', BATCHES, BATCH),
    ownSets(kind),
    consumed(kind, 'raw'),
    consumed(kind, 'library'),
  ]),
];

export const candidates: readonly Candidate[] = ways.map(toCandidate);
