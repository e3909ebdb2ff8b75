import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A server or a consumer in its own process. */
export interface Child {
  readonly port: number;
  /** Resolves when the process has handled so many events more. */
  handled(events: number): Promise<void>;
  /** Lets the process empty a queue, and returns the costs between the first and the last event. */
  consume(task: ConsumeTask): Promise<Consumed>;
  /** Returns the CPU time of the process so far, in µs. */
  cpu(): Promise<number>;
  stop(): Promise<void>;
}

/** Describes a queue to empty. */
export interface ConsumeTask {
  readonly consumer: 'library' | 'raw';
  readonly dialect: 'starling' | 'kestrel';
  readonly port: number;
  readonly queue: string;
  readonly events: number;
  /** Items in hand at a time. */
  readonly concurrency: number;
}

/** Holds the costs of a queue that was emptied. */
export interface Consumed {
  readonly seconds: number;
  /** CPU time of the process, in µs. */
  readonly receiverCpu: number;
}

/** Names the servers of `server.ts`. */
export type ServerKind = 'nest-tcp' | 'socket' | 'http' | 'raw-http' | 'starling' | 'siberite' | 'consumer';

/** A question to the process. It answers one after the other. */
export type Question = { readonly handled: number } | { readonly consume: ConsumeTask } | { readonly cpu: true };

export async function startChild(kind: ServerKind): Promise<Child> {
  const child = fork(fileURLToPath(new URL('./server.js', import.meta.url)), [kind]);
  const exited = once(child, 'exit');
  const next = async (): Promise<unknown> => {
    const early = exited.then(([code]) => {
      throw new Error(`the server ${kind} ended with ${code}`);
    });
    const [answer] = (await Promise.race([once(child, 'message'), early])) as [unknown];
    return answer;
  };
  const ask = (question: Question): Promise<unknown> => {
    const answer = next();
    child.send(question);
    return answer;
  };
  return {
    port: (await next()) as number,
    handled: async (events) => void (await ask({ handled: events })),
    consume: async (task) => (await ask({ consume: task })) as Consumed,
    cpu: async () => (await ask({ cpu: true })) as number,
    async stop() {
      child.disconnect();
      await exited;
    },
  };
}
