import { BaseRpcContext, Server } from '@nestjs/microservices';
import type { CallDispatcher } from '#lib/consume/delivery.js';
import type { Candidate, Setting } from '../kit/bench.js';
import { type Application, runs, startApplication } from './application.js';

/** Sets what the handler returns. */
export interface Handler extends Setting {
  readonly isAsync: boolean;
}

export const handlers: readonly Handler[] = [
  { name: 'returns at once', isAsync: false },
  { name: 'returns a promise', isAsync: true },
];

/** Calls in a sample. */
const CALLS = 200_000;

/** Lets the handler of an application run once. Resolves when the handler has ended. */
type Way = (app: Application) => () => Promise<unknown>;

/** Nest's own way to handle an event, as its transports inherit it. */
class NestServer extends Server {
  listen(): void {}
  close(): void {}
  on(): void {}
  unwrap<T>(): T {
    return undefined as T;
  }
}

const bareCall: Way = ({ handler, args, context }) => {
  return () => handler(args, context);
};

const nestServer: Way = ({ handler, args }) => {
  const server = new NestServer();
  server.addHandler('visited', handler, true);
  return () => server.handleEvent('visited', { pattern: 'visited', data: args }, new BaseRpcContext([]));
};

const strategy: Way = ({ strategy: server, context }) => {
  // The declarations of the package leave out what only the engine calls.
  const dispatcher = server as unknown as CallDispatcher;
  const [call, delivery] = context.getArgs();
  return () => dispatcher.dispatch(call, delivery);
};

/** Times a way in this process, which all ways share. One call follows the other. */
function toCandidate(name: string, way: Way): Candidate<Handler> {
  return {
    name,
    async start() {
      const apps = new Map<boolean, Application>();
      for (const { isAsync } of handlers) apps.set(isAsync, await startApplication(isAsync));
      return {
        async measure({ isAsync }, share) {
          const calls = CALLS * share;
          const micros = await timeOf(way(apps.get(isAsync)!), calls);
          return { micros: micros / calls };
        },
        async stop() {
          for (const app of apps.values()) await app.close();
        },
      };
    },
  };
}

/** Returns the user and system CPU time of the calls in µs. */
async function timeOf(call: () => Promise<unknown>, calls: number): Promise<number> {
  runs.count = 0;
  const from = process.cpuUsage();
  for (let i = 0; i < calls; i++) await call();
  const { user, system } = process.cpuUsage(from);
  if (runs.count !== calls) throw new Error(`${runs.count} of ${calls} calls ran the handler`);
  return user + system;
}

export const candidates: readonly Candidate<Handler>[] = [
  toCandidate('bare call of the handler', bareCall),
  toCandidate("Nest's Server.handleEvent", nestServer),
  toCandidate('ours', strategy),
];
