import { Agent, request } from 'node:http';
import { ClientTCP } from '@nestjs/microservices';
import { ClientThriftHttp } from 'nestjs-sqs-thrift/http';
import { ClientThriftSocket } from 'nestjs-sqs-thrift/socket';
import { ClientThriftStarling } from 'nestjs-sqs-thrift/starling';
import { lastValueFrom, type Observable } from 'rxjs';
import { emitAll } from '../emit-all.js';
import { codec, event, Visits } from '../events.js';
import { type Child, startChild } from './child.js';
import { cpuTime } from './cpu-time.js';
import { fill, RawConnection } from './raw-starling.js';

/** Describes a way to carry events from one process to another. */
export interface Candidate {
  readonly name: string;
  /** Number of events of a sample. */
  readonly events: number;
  start(): Promise<Running>;
}

/** Holds the costs of a run. */
export interface Costs {
  readonly seconds: number;
  /** CPU time of this process, in µs. Absent if it only prepares the run. */
  readonly senderCpu?: number;
  /** CPU time of the process that handles or stores, in µs. */
  readonly receiverCpu: number;
}

/** A started candidate. */
export interface Running {
  /** Carries events until all are handled or stored. */
  run(events: number): Promise<Costs>;
  stop(): Promise<void>;
}

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

/** Measures work of this process and of another one. */
async function measured(receiver: Child, work: () => Promise<unknown>): Promise<Costs> {
  const receiverFrom = await receiver.cpu();
  const [from, senderFrom] = [performance.now(), cpuTime()];
  await work();
  const [seconds, senderCpu] = [(performance.now() - from) / 1000, cpuTime() - senderFrom];
  return { seconds, senderCpu, receiverCpu: (await receiver.cpu()) - receiverFrom };
}

/** From `emit` to the handler in the other process, with any client of Nest. */
function emitted(
  name: string,
  kind: 'nest-tcp' | 'socket' | 'http',
  events: number,
  open: (port: number) => NestClient,
): Candidate {
  return {
    name,
    events,
    async start() {
      const server = await startChild(kind);
      const client = open(server.port);
      await client.connect();
      const emit = (i: number): Promise<unknown> =>
        lastValueFrom(client.emit('visited', event(i)), { defaultValue: undefined });
      return {
        run: (count) => measured(server, () => Promise.all([emitAll(count, WINDOW, emit), server.handled(count)])),
        async stop() {
          await client.close();
          await server.stop();
        },
      };
    },
  };
}

/** Posts bodies with the HTTP client of Node, as an application without a library does. */
const rawPosts: Candidate = {
  name: 'raw POST loop',
  events: 10_000,
  async start() {
    const server = await startChild('raw-http');
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
      run: (count) => measured(server, () => Promise.all([emitAll(count, REQUESTS, post), server.handled(count)])),
      async stop() {
        agent.destroy();
        await server.stop();
      },
    };
  },
};

type StoreKind = 'starling' | 'siberite';

/** Stores with `set`: each connection sends as many commands in a write, then waits for their answers. */
function rawSets(kind: StoreKind, name: string, connectionCount: number, commands: number): Candidate {
  return {
    name: `${name}, ${kind}`,
    events: 20_000,
    async start() {
      const server = await startChild(kind);
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
          return server.stop();
        },
      };
    },
  };
}

function ownSets(kind: StoreKind): Candidate {
  return {
    name: `starling client, ${kind}`,
    events: 20_000,
    async start() {
      const server = await startChild(kind);
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
          await server.stop();
        },
      };
    },
  };
}

/** Takes what was stored before, with the commands of the dialect. */
function consumed(kind: StoreKind, consumer: 'library' | 'raw'): Candidate {
  const dialect = kind === 'starling' ? 'starling' : 'kestrel';
  const commands = dialect === 'starling' ? 'get' : 'open and close';
  return {
    name: consumer === 'raw' ? `raw ${commands} loop, ${kind}` : `starling server, ${kind}`,
    events: 10_000,
    async start() {
      const [store, worker] = await Promise.all([startChild(kind), startChild('consumer')]);
      return {
        async run(events) {
          const bodies = Array.from({ length: events }, (_, i) => codec.encode({ method: 'visited', args: event(i) }));
          await fill(store.port, QUEUE, bodies);
          return worker.consume({
            consumer,
            dialect,
            port: store.port,
            queue: QUEUE,
            events,
            concurrency: CONCURRENCY,
          });
        },
        async stop() {
          await worker.stop();
          await store.stop();
        },
      };
    },
  };
}

export const candidates: readonly Candidate[] = [
  emitted('Nest TCP', 'nest-tcp', 20_000, (port) => new ClientTCP({ host: HOST, port })),
  emitted('socket', 'socket', 20_000, (port) => new ClientThriftSocket({ host: HOST, port, service: Visits })),
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
