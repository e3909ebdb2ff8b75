import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readBody } from './http-server.js';

/** A whole answer of text or JSON, or the status of an answer that never ends. */
export type EndlessAnswer = { readonly text: string } | { readonly json: unknown } | { readonly endless: number };

/** A server whose answers may have no end. Stops writing when the client leaves. */
export interface EndlessServer {
  readonly endpoint: string;
  /** Bytes of endless answers that it has written. */
  readonly written: number;
  /** Resolves once an endless answer has lost its client. */
  readonly left: Promise<void>;
  close(): Promise<void>;
}

const CHUNK = Buffer.alloc(262_144, 0x20);

/** Starts it on 127.0.0.1. `answer` gets the action of AWS JSON, the method and the path. */
export async function startEndlessServer(answer: (request: string) => EndlessAnswer): Promise<EndlessServer> {
  let written = 0;
  let onLeft: () => void;
  const left = new Promise<void>((resolve) => (onLeft = resolve));
  const endless = (response: ServerResponse, status: number): void => {
    response.on('close', onLeft);
    response.writeHead(status, { 'content-type': 'application/json' });
    const more = (): void => {
      while (!response.destroyed) {
        written += CHUNK.length;
        if (!response.write(CHUNK)) return;
      }
    };
    response.on('drain', more);
    more();
  };
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { headers, method = '', url = '' } = request;
    const body = (await readBody(request)).toString();
    const action = String(headers['x-amz-target'] ?? /Action=(\w+)/.exec(body)?.[1] ?? '').replace(/^.*\./, '');
    const found = answer(`${action} ${method} ${url}`);
    if ('endless' in found) return endless(response, found.endless);
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
    response.end('text' in found ? found.text : JSON.stringify(found.json));
  };
  const server = createServer((request, response) => void serve(request, response).catch(() => response.destroy()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get written() {
      return written;
    },
    left,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
