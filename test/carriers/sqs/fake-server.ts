import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as the server saw it. */
export interface FakeRequest {
  /** The SQS action, for example `ReceiveMessage`. */
  readonly action: string;
  readonly body: Record<string, unknown>;
  readonly headers: IncomingMessage['headers'];
}

/** What the server does with a request: answers JSON; answers any text; resets the connection; or never answers. */
export type Reply =
  | { readonly json: unknown }
  | { readonly text: string; readonly status: number; readonly contentType?: string }
  | { readonly error: string; readonly message?: string; readonly status?: number; readonly query?: string }
  | 'reset'
  | 'hang';

/** An HTTP server that says what a test tells it to say. */
export interface FakeSqs {
  readonly endpoint: string;
  /** Every request so far, oldest first. */
  readonly requests: readonly FakeRequest[];
  /** How an action is answered from now on. */
  on(action: string, reply: Reply | ((request: FakeRequest) => Reply)): void;
  /** Resolves when the next request of this action has arrived. */
  arrival(action: string): Promise<FakeRequest>;
  stop(): Promise<void>;
}

/** Starts it on 127.0.0.1. Knows one queue, `q`, until told otherwise; its URL has a host that does not exist. */
export async function startFakeSqs(): Promise<FakeSqs> {
  const requests: FakeRequest[] = [];
  const replies = new Map<string, (request: FakeRequest) => Reply>([
    ['GetQueueUrl', ({ body }) => ({ json: { QueueUrl: `http://sqs.invalid/1/${String(body.QueueName)}` } })],
    ['GetQueueAttributes', () => ({ json: { Attributes: {} } })],
  ]);
  const arrivals: { readonly action: string; readonly resolve: (request: FakeRequest) => void }[] = [];
  const server = createServer((incoming, response) => {
    void readRequest(incoming).then((request) => {
      requests.push(request);
      respond(response, replies.get(request.action)?.(request) ?? { error: 'InvalidAction' });
      for (const arrival of arrivals.splice(0)) {
        if (arrival.action === request.action) arrival.resolve(request);
        else arrivals.push(arrival);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    on: (action, reply) => void replies.set(action, typeof reply === 'function' ? reply : () => reply),
    arrival: (action) => new Promise((resolve) => arrivals.push({ action, resolve })),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readRequest(incoming: IncomingMessage): Promise<FakeRequest> {
  let text = '';
  for await (const chunk of incoming) text += String(chunk);
  const action = String(incoming.headers['x-amz-target']).replace('AmazonSQS.', '');
  return { action, body: JSON.parse(text) as Record<string, unknown>, headers: incoming.headers };
}

function respond(response: ServerResponse, reply: Reply): void {
  if (reply === 'hang') return;
  if (reply === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  if ('text' in reply) {
    response
      .writeHead(reply.status, { 'content-type': reply.contentType ?? 'application/x-amz-json-1.0' })
      .end(reply.text);
    return;
  }
  if ('json' in reply) {
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(reply.json));
    return;
  }
  const { error, message = 'said by the fake server', status = 400, query } = reply;
  const headers = {
    'content-type': 'application/x-amz-json-1.0',
    ...(query !== undefined && { 'x-amzn-query-error': query }),
  };
  response.writeHead(status, headers).end(JSON.stringify({ __type: `com.amazonaws.sqs#${error}`, message }));
}
