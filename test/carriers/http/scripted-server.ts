import http, { type IncomingHttpHeaders, type RequestListener } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A request as a server saw it. */
export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Position of its connection among all connections, from 0. */
  readonly connection: number;
}

/** Answers a request: a status with headers and a body, or anything else with its connection. */
export type Script = (request: SeenRequest, number: number) => ScriptedAnswer | ((socket: Socket) => void);

interface ScriptedAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
}

/** A server that answers by script. */
export class ScriptedServer {
  readonly requests: SeenRequest[] = [];
  private readonly sockets: Socket[] = [];
  private readonly server = http.createServer({ keepAliveTimeout: 60_000 }, this.listener);

  private constructor(private readonly script: Script) {
    this.server.on('connection', (socket) => {
      this.sockets.push(socket);
      socket.on('error', () => undefined);
    });
  }

  static async start(script: Script = () => ({}), port = 0): Promise<ScriptedServer> {
    const scripted = new ScriptedServer(script);
    await new Promise<void>((resolve) => scripted.server.listen(port, '127.0.0.1', resolve));
    return scripted;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/thrift`;
  }

  get connections(): number {
    return this.sockets.length;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  private get listener(): RequestListener {
    return (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method = '', url = '', headers, socket } = request;
        const seen = { method, url, headers, body: Buffer.concat(chunks), connection: this.sockets.indexOf(socket) };
        this.requests.push(seen);
        const answer = this.script(seen, this.requests.length);
        if (typeof answer === 'function') return answer(socket);
        response.writeHead(answer.status ?? 200, { ...answer.headers });
        response.end(answer.body);
      });
    };
  }
}
