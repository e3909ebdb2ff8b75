import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** Body of an answer, with its status code. */
export interface HealthAnswer {
  readonly code: number;
  readonly type: string;
  readonly body: string;
}

/** Answers the requests for a path. Undefined if there is nothing at the path. */
export type HealthRoutes = (path: string) => Promise<HealthAnswer> | HealthAnswer | undefined;

const REQUEST_MS = 5_000;
/** Time in ms after which a connection ends, however slowly its client reads. */
const CONNECTION_MS = 30_000;
/** Connections at a time. A probe opens one. Others end the oldest, so that idle ones never lock a probe out. */
const MOST_CONNECTIONS = 64;
const MOST_HEADER_BYTES = 4_096;

/**
 * Serves probes over HTTP. Answers one request for each connection and closes it. A client that sends or
 * reads slowly is cut off, and a body is not read. The open server alone does not keep the process alive.
 */
export class HealthServer {
  private readonly server: Server;
  /** Open connections, the oldest first. */
  private readonly sockets = new Set<Socket>();

  /** @param requestMs time in ms in which a request must have arrived, from the connection on */
  constructor(
    private readonly routes: HealthRoutes,
    requestMs = REQUEST_MS,
  ) {
    const settings = {
      requestTimeout: requestMs,
      headersTimeout: requestMs,
      connectionsCheckingInterval: requestMs / 5,
      maxHeaderSize: MOST_HEADER_BYTES,
      keepAlive: false,
    };
    this.server = createServer(
      settings,
      (request, response) => void this.answer(request, response).catch(() => response.destroy()),
    );
    this.server.on('connection', (socket) => this.admit(socket));
    this.server.maxRequestsPerSocket = 1;
    this.server.on('clientError', (_error, socket) => socket.destroy());
    this.server.unref();
  }

  /** Limits the time of a connection, and the connections at a time. */
  private admit(socket: Socket): void {
    const timer = setTimeout(() => socket.destroy(), CONNECTION_MS).unref();
    this.sockets.add(socket);
    socket.once('close', () => {
      clearTimeout(timer);
      this.sockets.delete(socket);
    });
    const [oldest] = this.sockets;
    if (this.sockets.size > MOST_CONNECTIONS) oldest!.destroy();
  }

  /** Port that the server listens on. Undefined while it does not listen. */
  get port(): number | undefined {
    return (this.server.address() as AddressInfo | null)?.port;
  }

  /** @throws Error the port is taken, or cannot be listened on */
  async listen(port: number, host: string | undefined): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen({ port, host }, resolve);
    });
    // A later error of the server, such as too many open files, must not end the process.
    this.server.removeAllListeners('error').on('error', () => undefined);
  }

  /** Closes the server and its connections. */
  async close(): Promise<void> {
    if (!this.server.listening) return;
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { code, type, body } = await this.find(request);
    // The client may be gone. Node ignores a write after that.
    response.writeHead(code, {
      'content-type': type,
      'content-length': Buffer.byteLength(body),
      'cache-control': 'no-store',
      connection: 'close',
      ...(code === 405 && { allow: 'GET, HEAD' }),
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  private async find({ method, url = '' }: IncomingMessage): Promise<HealthAnswer> {
    if (method !== 'GET' && method !== 'HEAD') return jsonAnswer(405, { error: 'only GET and HEAD' });
    const [path] = url.split('?', 1);
    try {
      return (await this.routes(path!)) ?? jsonAnswer(404, { error: 'not found' });
    } catch {
      // The text of an error may hold anything, and anyone may ask.
      return jsonAnswer(500, { error: 'the answer failed' });
    }
  }
}

export function jsonAnswer(code: number, value: unknown): HealthAnswer {
  return { code, type: 'application/json; charset=utf-8', body: JSON.stringify(value) };
}
