import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach } from '@jest/globals';
import type { CarrierNotice } from '#lib/queue/carrier-notice.js';
import {
  openSocketReceiver,
  type OpenSocketReceiverOptions,
  type SocketReceiver,
} from '#lib/carriers/socket/socket-receiver.js';
import type { ReceivedMessage } from '#lib/queue/wire-message.js';
import { numberOf } from './thrift-bytes.js';

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** Closes something after the test. */
export function closeLater(close: () => unknown): void {
  closers.push(close);
}

/** A server with its notices, on a free port of this machine. */
export class Bench {
  readonly notices: CarrierNotice[] = [];
  receiver!: SocketReceiver;
  private readonly waiting: (() => void)[] = [];

  static async open(options: OpenSocketReceiverOptions = {}): Promise<Bench> {
    const bench = new Bench();
    bench.receiver = await openSocketReceiver({
      host: '127.0.0.1',
      port: 0,
      stopGraceMs: 0,
      ...options,
      report: (notice) => {
        bench.notices.push(notice);
        for (const wake of bench.waiting.splice(0)) wake();
      },
    });
    closeLater(() => bench.receiver.close());
    return bench;
  }

  get port(): number {
    return this.receiver.address.port;
  }

  /** Connects a client that knows nothing of Thrift. */
  async connect(options: { readonly allowHalfOpen?: boolean } = {}): Promise<Socket> {
    const socket = connect({ port: this.port, host: '127.0.0.1', ...options });
    socket.on('error', () => undefined);
    closeLater(() => socket.destroy());
    await once(socket, 'connect');
    return socket;
  }

  /** Receives and acknowledges `count` messages. */
  async take(count: number): Promise<readonly ReceivedMessage[]> {
    const taken: ReceivedMessage[] = [];
    while (taken.length < count) {
      const max = Math.min(100, count - taken.length);
      const received = await this.receiver.receive({ max, waitSeconds: 20, visibilityTimeoutSeconds: 0 });
      if (received.length > 0) await this.receiver.acknowledge(received);
      taken.push(...received);
    }
    return taken;
  }

  /** The numbers of `count` calls of `run`, in the order of their arrival. */
  async numbers(count: number): Promise<number[]> {
    return (await this.take(count)).map(({ body }) => numberOf(body));
  }

  /** Waits for a notice of a kind. */
  async notice(kind: string): Promise<CarrierNotice> {
    for (;;) {
      const found = this.notices.find((notice) => notice.kind === kind);
      if (found) return found;
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }
}

/** Resolves when the server has closed a connection, with the bytes that it sent before. */
export async function closed(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  // A server that closes with bytes unread resets the connection, so an error may come before the close.
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
  return Buffer.concat(chunks);
}

/** Writes bytes, and resolves when the kernel has taken them. */
export function write(socket: Socket, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => socket.write(bytes, (error) => (error ? reject(error) : resolve())));
}
