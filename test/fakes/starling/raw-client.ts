import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A connection that shows every byte of a server. */
export class RawClient {
  private received = '';
  private ended = false;
  private wake: (() => void) | undefined;

  private constructor(private readonly socket: Socket) {
    socket.on('data', (chunk) => {
      this.received += chunk.toString('latin1');
      this.wake?.();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.ended = true;
      this.wake?.();
    });
  }

  static async open(port: number): Promise<RawClient> {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    await once(socket, 'connect');
    return new RawClient(socket);
  }

  send(text: string): void {
    this.socket.write(Buffer.from(text, 'latin1'));
  }

  /** Waits for as many characters as `expected` has, and returns everything that has come. */
  async read(expected: string): Promise<string> {
    while (this.received.length < expected.length && !this.ended) await this.next();
    const got = this.received;
    this.received = '';
    return got;
  }

  /** Returns what has come without waiting. */
  get unread(): string {
    return this.received;
  }

  /** Waits until the server has closed the connection. Returns everything that has come. */
  async end(): Promise<string> {
    while (!this.ended) await this.next();
    return this.received;
  }

  close(): void {
    this.socket.destroy();
  }

  private next(): Promise<void> {
    return new Promise((resolve) => (this.wake = resolve));
  }
}
