import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** Serves HTTP for a fake on 127.0.0.1. Ends connections only on request. */
export interface HttpServer {
  readonly endpoint: string;
  /** Resets every connection and refuses new ones. */
  close(): Promise<void>;
  /** Listens again, on the same port. */
  listen(): Promise<void>;
}

const HOST = '127.0.0.1';

/** Longer than any test lets a connection idle: what the server closes would be a fault that no script asked for. */
const KEEP_ALIVE_MS = 600_000;

/** Starts it, by default on any free port. */
export async function startHttpServer(listener: RequestListener, port = 0): Promise<HttpServer> {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, listener);
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const listen = (on: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(on, HOST, () => {
        server.off('error', reject);
        resolve();
      });
    });
  await listen(port);
  const { port: taken } = server.address() as AddressInfo;
  return {
    endpoint: `http://${HOST}:${taken}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.resetAndDestroy();
      }),
    listen: () => listen(taken),
  };
}

/** Reads a request to its end. Rejects when the client leaves meanwhile. */
export async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
