import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { QueueError } from '#lib/queue/queue-error.js';
import { openSqsQueue } from '#lib/carriers/sqs/open-sqs-queue.js';
import { credentials, delivery } from './open-fake.js';

const OPENED = JSON.stringify({ QueueUrl: 'http://sqs.invalid/1/q', Attributes: {} });
const HEAD = 'HTTP/1.1 200 OK\r\n';

interface RawService {
  readonly server: Server;
  readonly sockets: Set<Socket>;
  readonly endpoint: string;
  /** Number of requests to delete messages. */
  attempts(): number;
}

/** Starts a service that opens queues, and lets `answer` write the bytes of other answers. */
async function startRaw(answer: (socket: Socket) => void): Promise<RawService> {
  let attempts = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let text = '';
    socket.on('error', () => undefined);
    socket.on('data', (bytes: Buffer) => {
      text += bytes.toString('latin1');
      const [head = '', body] = text.split('\r\n\r\n');
      if (body === undefined || body.length < Number(/content-length: (\d+)/i.exec(head)?.[1])) return;
      text = '';
      if (/\.Get/.test(head)) {
        socket.write(`${HEAD}content-length: ${OPENED.length}\r\n\r\n${OPENED}`);
      } else {
        attempts++;
        answer(socket);
      }
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { server, sockets, endpoint, attempts: () => attempts };
}

describe('answers that are broken', () => {
  let service: RawService;
  afterEach(stop);

  async function stop(): Promise<void> {
    for (const socket of service.sockets) socket.destroy();
    await once(service.server.close(), 'close');
  }

  /** Deletes a message. Returns the failure by the parts that both data paths share. */
  async function failureOver(dataPath: 'lean' | 'sdk', answer: (socket: Socket) => void): Promise<object> {
    const { kind, retryable } = await errorOver(dataPath, answer);
    return { kind, retryable, attempts: service.attempts() };
  }

  async function codeOver(dataPath: 'lean' | 'sdk', answer: (socket: Socket) => void): Promise<string> {
    return (await errorOver(dataPath, answer)).code;
  }

  async function errorOver(dataPath: 'lean' | 'sdk', answer: (socket: Socket) => void): Promise<QueueError> {
    service = await startRaw(answer);
    const { endpoint } = service;
    const queue = await openSqsQueue({ queue: 'q', endpoint, region: 'eu-west-1', credentials, dataPath });
    const error = await queue.acknowledge([delivery('r')]).catch((failure: QueueError) => failure);
    await queue.close();
    return error as QueueError;
  }

  const cases: [name: string, answer: (socket: Socket) => void, attempts: number][] = [
    ['bytes that are not HTTP', (socket) => socket.end('hello'), 1],
    ['a length below zero', (socket) => socket.write(`${HEAD}content-length: -1\r\n\r\n{}`), 1],
    ['line feeds alone', (socket) => socket.write('HTTP/1.1 200 OK\ncontent-length: 2\n\n{}'), 1],
    ['too many headers', (socket) => socket.write(`${HEAD}x: ${'x'.repeat(20_000)}\r\n\r\n`), 1],
    ['the end in the headers', (socket) => socket.end(`${HEAD}content-le`), 2],
    ['the end in the body', (socket) => socket.end(`${HEAD}content-length: 9\r\n\r\n{`), 2],
    ['the end in a chunk', (socket) => socket.end(`${HEAD}transfer-encoding: chunked\r\n\r\n9\r\n{`), 2],
    ['the end in a refusal', (socket) => socket.end('HTTP/1.1 400 Bad\r\ncontent-length: 9\r\n\r\n{'), 2],
    ['the end at once', (socket) => socket.end(), 2],
  ];
  const both = cases.flatMap(([name, answer, attempts]) =>
    (['lean', 'sdk'] as const).map((dataPath) => ({ name, dataPath, answer, attempts })),
  );
  it.each(both)('are failures of the network over the data path $dataPath: $name', async (row) => {
    const failure = await failureOver(row.dataPath, row.answer);
    expect(failure).toEqual({ kind: 'network', retryable: true, attempts: row.attempts });
  });

  it.each(cases.filter(([, , attempts]) => attempts === 2))(
    'have one code over both data paths: %s',
    async (_, answer) => {
      const lean = await codeOver('lean', answer);
      await stop();
      expect(lean).toBe(await codeOver('sdk', answer));
    },
  );

  it.each(['lean', 'sdk'] as const)(
    'have the first code of repeated headers over the data path %s',
    async (dataPath) => {
      const headers = 'x-amzn-errortype: OverLimit\r\nx-amzn-errortype: Odd\r\ncontent-length: 18\r\n';
      const failure = await failureOver(dataPath, (socket) => {
        socket.write(`HTTP/1.1 400 Bad\r\n${headers}\r\n{"__type":"Other"}`);
      });
      expect(failure).toEqual({ kind: 'over-limit', retryable: true, attempts: 1 });
    },
  );
});
