import { systemClock, type Clock } from '#lib/queue/clock.js';
import { sharedController } from '#lib/queue/shared-signal.js';
import { startHttpServer } from '../http-server.js';
import type { FaultScript, ScriptedRequest } from './faults.js';
import type { Draft, StoredMessage } from './model.js';
import { urlOf } from './queue-actions.js';
import type { QueueSettings } from './queue-settings.js';
import { Queues } from './queues.js';
import { Replies, type Reply } from './replies.js';
import { RequestHandler } from './request-handler.js';
import { RequestLog } from './request-log.js';
import { storeChecked } from './send-actions.js';

/** Options of {@link startSqsFake}. */
export interface SqsFakeOptions {
  /** By which leases, delays, windows and long polls run. Default: the machine's. */
  readonly clock?: Clock;
  /** Default: any free one. */
  readonly port?: number;
  /** Default `us-east-1`. */
  readonly region?: string;
  readonly faults?: FaultScript;
  /** Refuses requests signed more than 5 minutes off. Default false. */
  readonly checkSignatureTime?: boolean;
  /** First value of {@link SqsFake.skewMs}. Default 0. */
  readonly skewMs?: number;
  /** Number of the latest requests that the log keeps with their bodies. Default 1000. */
  readonly keepRequests?: number;
}

/** Counts the messages of a queue by state. */
interface Depth {
  readonly visible: number;
  readonly delayed: number;
  readonly inFlight: number;
}

/**
 * A server that speaks AWS JSON 1.0 and enforces the rules of SQS by its own clock, so that a client that breaks one fails here before it
 * fails on AWS. It misbehaves only as its script and its replies say.
 */
export interface SqsFake {
  readonly endpoint: string;
  readonly region: string;
  /** Keys that any request may be signed with. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly log: RequestLog;
  /** Sets the faults of later requests. Undefined removes them. */
  faults: FaultScript | undefined;
  /**
   * Sets the lead of the server's time, in ms, over the machine's clock. The server reports that
   * time and checks signatures by it. SDKs sign by the machine's clock and retry any answer of a
   * server with another time. So a virtual clock does not affect the server's time.
   */
  skewMs: number;
  /** Creates a queue and returns its URL. A name that ends in `.fifo` makes it a FIFO queue. */
  createQueue(name: string, settings?: QueueSettings): string;
  /** Stores a message without a request, by the same rules. Returns its id. */
  send(queue: string, draft: Draft): string;
  /** Lists the messages in the queue, oldest first. */
  messages(queue: string): readonly StoredMessage[];
  /** Whatever was ever stored in the queue, in order, with its latest state; also of a queue that was deleted since. */
  stored(queue: string): readonly StoredMessage[];
  depth(queue: string): Depth;
  /** Sets the scripted answer of an action. A fault may end the request before that. */
  on(action: string, reply: Reply | ((request: ScriptedRequest) => Reply)): void;
  /** Resets every connection and refuses new ones. */
  refuseConnections(): Promise<void>;
  /** Listens again, on the same port. */
  acceptConnections(): Promise<void>;
  /** Ends all connections. Rejects with the first error of the server itself or of a script, should there have been one. */
  stop(): Promise<void>;
}

/** Starts it on 127.0.0.1, without queues. */
export async function startSqsFake(options: SqsFakeOptions = {}): Promise<SqsFake> {
  const { clock = systemClock, region = 'us-east-1' } = options;
  const log = new RequestLog(options.keepRequests ?? 1000);
  const history = new Map<string, StoredMessage[]>();
  const stored = (name: string): StoredMessage[] => {
    const messages = history.get(name) ?? [];
    history.set(name, messages);
    return messages;
  };
  const onStored = ({ name }: { readonly name: string }, message: StoredMessage): void =>
    void stored(name).push(message);
  const queues = new Queues({ clock, region, onStored });
  const stopping = sharedController();
  const now = (): number => clock.now();
  const endpoint = (): string => server.endpoint;
  const replies = new Replies();
  const handler = new RequestHandler({
    queues,
    clock,
    now,
    log,
    endpoint,
    script: () => fake.faults,
    replies,
    wallClock: () => Date.now() + fake.skewMs,
    checkSignatures: options.checkSignatureTime ?? false,
    stopping: stopping.signal,
  });
  const server = await startHttpServer(handler.handle, options.port);
  const fake: SqsFake = {
    endpoint: server.endpoint,
    region,
    credentials: { accessKeyId: 'fake', secretAccessKey: 'fake' },
    log,
    faults: options.faults,
    skewMs: options.skewMs ?? 0,
    createQueue: (name, settings = {}) => urlOf(queues.create(name, settings).name, { endpoint }),
    send: (queue, draft) => storeChecked(queues.get(queue), draft),
    messages: (queue) => queues.get(queue).all(),
    stored,
    depth(name) {
      const queue = queues.get(name);
      queue.wake();
      const { visible, delayed, 'in-flight': inFlight } = queue.counts;
      return { visible, delayed, inFlight };
    },
    on: (action, reply) => replies.on(action, reply),
    refuseConnections: () => server.close(),
    acceptConnections: () => server.listen(),
    async stop() {
      stopping.abort();
      await server.close();
      if (handler.failures.length > 0) throw handler.failures[0];
    },
  };
  return fake;
}
