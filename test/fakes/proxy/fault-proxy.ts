import { setMaxListeners } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { ProxiedConnection } from './proxied-connection.js';
import type { CurrentMode, ProxyMode } from './proxy-modes.js';

/** A TCP proxy between a client and a server of this machine, with a network that a test spoils at will. */
export interface FaultProxy {
  /** `http://127.0.0.1:<port>` */
  readonly endpoint: string;
  readonly port: number;
  /** Live connections of clients. */
  readonly connections: number;
  /** Connections accepted so far. */
  readonly accepted: number;
  /** Changes what happens to new and to live connections. Resolves when new ones are accepted, or refused, accordingly. */
  set(mode: ProxyMode): Promise<void>;
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';

/** Starts a proxy on a free port of 127.0.0.1, with the mode `up`. */
export async function startFaultProxy({ target }: { readonly target: number | string }): Promise<FaultProxy> {
  const targetPort = typeof target === 'number' ? target : Number(new URL(target).port);
  const live = new Set<ProxiedConnection>();
  let accepted = 0;
  let current: CurrentMode = { mode: { kind: 'up' }, over: new AbortController().signal };
  let end = (): void => undefined;
  // What a client has sent last is still carried when it has ended its side.
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    accepted += 1;
    const connection = new ProxiedConnection(client, targetPort, () => current);
    live.add(connection);
    void connection.closed.then(() => live.delete(connection));
  });
  const change = (mode: ProxyMode): void => {
    const controller = new AbortController();
    // Each connection listens.
    setMaxListeners(0, controller.signal);
    const endLast = end;
    end = () => controller.abort();
    current = { mode, over: controller.signal };
    endLast();
  };
  let port = 0;
  const listen = (): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, HOST, () => {
        server.off('error', reject);
        resolve();
      });
    });
  const close = async (): Promise<void> => {
    const closed = [...live].map((connection) => connection.closed);
    const silent = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const connection of live) connection.reset();
    await Promise.all([silent, ...closed]);
  };
  await listen();
  port = (server.address() as AddressInfo).port;
  return {
    endpoint: `http://${HOST}:${port}`,
    port,
    get connections() {
      return live.size;
    },
    get accepted() {
      return accepted;
    },
    async set(mode) {
      change(mode);
      if (mode.kind === 'down') await close();
      else if (!server.listening) await listen();
    },
    async stop() {
      change({ kind: 'down' });
      await close();
    },
  };
}
