import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { checkOptionNames, type OptionNames } from '../../common/option-names.js';
import { type Clock, systemClock } from '../../queue/clock.js';
import { choiceOption, numberOption } from '../../queue/options.js';
import { ItemStore } from './item-store.js';
import { KestrelRules } from './kestrel-rules.js';
import type { ServerRules } from './server-rules.js';
import { ServerSession, type StarlingFault } from './server-session.js';
import { StarlingRules } from './starling-rules.js';

/**
 * Options of {@link startEmbeddedStarling}.
 *
 * @publicApi
 */
export interface EmbeddedStarlingOptions {
  /**
   * Sets the server to imitate. `siberite` and `starling` answer as Siberite 0.6.4 and Starling
   * 0.10.0 did when they were recorded, `kestrel` as the guide of Kestrel 2.4 says. Default
   * `siberite`.
   */
  readonly server?: 'siberite' | 'kestrel' | 'starling' | undefined;
  /** TCP port on 127.0.0.1. Default: a free port. */
  readonly port?: number | undefined;
  /** Clock of waits and of half commands. Default: the clock of the machine. */
  readonly clock?: Clock | undefined;
}

const NAMES = { server: true, port: true, clock: true } satisfies OptionNames<EmbeddedStarlingOptions>;

/** Largest number of commands to remember. */
const MOST_LINES = 10_000;

/**
 * Imitates a Starling, Siberite or Kestrel server in this process, for tests. Keeps its queues in
 * memory.
 *
 * @publicApi
 */
export class EmbeddedStarling {
  readonly host = '127.0.0.1';
  private readonly store = new ItemStore();
  private readonly sessions = new Map<Socket, ServerRules>();
  private readonly setWatchers = new Set<() => void>();
  private readonly lines: string[] = [];
  private server: Server | undefined;
  private boundPort = 0;
  private isFull = false;
  private script: (command: string) => StarlingFault | undefined = () => undefined;

  /** @internal */
  constructor(
    readonly kind: 'siberite' | 'kestrel' | 'starling',
    private readonly clock: Clock,
  ) {}

  get port(): number {
    return this.boundPort;
  }

  /** The lines of the last 10 000 commands, in order of arrival. */
  get commands(): readonly string[] {
    return this.lines;
  }

  /** Number of open connections. */
  get connections(): number {
    return this.sessions.size;
  }

  /** Returns the bodies of the items that wait in a queue, the head first. */
  items(queue: string): readonly Buffer[] {
    return this.store.items(queue).map(({ body }) => body);
  }

  /** Returns the number of items of a queue that connections hold. */
  openItems(queue: string): number {
    return this.store.openItems(queue);
  }

  /** Stores an item, as another client would. */
  put(queue: string, body: Uint8Array | string): void {
    this.store.put(queue, Buffer.from(body as Uint8Array));
    this.wasSet();
  }

  /**
   * Makes commands fail. The function gets the line of each command, such as `get backup/open`, and
   * returns undefined for an ordinary answer. Replaces the function before.
   */
  fail(script: (command: string) => StarlingFault | undefined): void {
    this.script = script;
  }

  /** Refuses every `set` with `NOT_STORED`, or accepts it again. A Starling is never full. */
  setFull(isFull: boolean): void {
    this.isFull = isFull;
  }

  /** Ends every connection, as a restart of the network does. The server goes on. */
  async disconnect(): Promise<void> {
    const ended = [...this.sessions.keys()].map((socket) => once(socket, 'close'));
    for (const socket of this.sessions.keys()) socket.destroy();
    await Promise.all(ended);
  }

  /**
   * Ends as a killed server does. Waiting items are kept. Siberite loses the items that are open, and
   * Kestrel puts them back. Until {@link restart} connections are refused.
   */
  async crash(): Promise<void> {
    if (this.kind === 'siberite') {
      for (const rules of this.sessions.values()) if (rules instanceof KestrelRules) rules.forget();
    }
    await this.stop();
  }

  /** Listens again, on the same port. */
  async restart(): Promise<void> {
    await this.listen(this.boundPort);
  }

  /** Ends all connections and the server. Items that were open are put back. Idempotent. */
  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (!server) return;
    const closed = once(server, 'close');
    server.close();
    await Promise.all([closed, this.disconnect()]);
  }

  /** @internal */
  async listen(port: number): Promise<void> {
    const server = createServer({ noDelay: true }, (socket) => this.serve(socket));
    this.server = server;
    server.listen(port, this.host);
    await once(server, 'listening');
    this.boundPort = (server.address() as AddressInfo).port;
  }

  private serve(socket: Socket): void {
    const rules = this.rules();
    this.sessions.set(socket, rules);
    socket.once('close', () => this.sessions.delete(socket));
    new ServerSession({
      socket,
      rules,
      clock: this.clock,
      faultOf: (line) => {
        this.lines.push(line);
        if (this.lines.length > MOST_LINES) this.lines.shift();
        return this.script(line);
      },
    });
  }

  private rules(): ServerRules {
    const { kind, store, clock } = this;
    if (kind === 'starling') return new StarlingRules(store);
    return new KestrelRules({
      server: kind,
      store,
      clock,
      isFull: () => this.isFull,
      onSet: (callback) => {
        this.setWatchers.add(callback);
        return () => void this.setWatchers.delete(callback);
      },
      wasSet: () => this.wasSet(),
    });
  }

  private wasSet(): void {
    for (const callback of [...this.setWatchers]) callback();
  }
}

/**
 * Starts a server that imitates Starling, Siberite or Kestrel. Needs no package.
 *
 * @throws TypeError, RangeError an option is unknown or not acceptable
 * @throws Error the port is in use
 * @publicApi
 */
export async function startEmbeddedStarling(options: EmbeddedStarlingOptions = {}): Promise<EmbeddedStarling> {
  const { port = 0, clock = systemClock } = checkOptionNames('startEmbeddedStarling', options, NAMES);
  numberOption('port', port, 0, 0, 65_535);
  const kind = choiceOption('server', options.server, ['siberite', 'kestrel', 'starling']);
  const server = new EmbeddedStarling(kind, clock);
  await server.listen(port);
  return server;
}
