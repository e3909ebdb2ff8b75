import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const END = Buffer.from('END\r\n');

/** A connection to a server of Starling's protocol, written by hand: as little as each command needs. */
export class RawConnection {
  private buffer: Buffer = Buffer.alloc(0);
  private wake: (() => void) | undefined;

  private constructor(private readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => {
      this.buffer = this.buffer.length === 0 ? chunk : Buffer.concat([this.buffer, chunk]);
      this.wake?.();
    });
  }

  static async open(port: number): Promise<RawConnection> {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    await once(socket, 'connect');
    return new RawConnection(socket);
  }

  /** Stores bodies with one write, and waits for all answers. */
  async setAll(queue: string, bodies: readonly Uint8Array[]): Promise<void> {
    const parts = bodies.flatMap((body) => [`set ${queue} 0 0 ${body.length}\r\n`, body, '\r\n']);
    this.socket.write(Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part))));
    for (let left = bodies.length; left > 0; left -= 1) {
      const line = await this.line();
      if (line !== 'STORED') throw new Error(`set was answered with ${line}`);
    }
  }

  /** Returns the body of a `get`. Undefined if the server has none. */
  async get(key: string): Promise<Buffer | undefined> {
    this.socket.write(`get ${key}\r\n`);
    const line = await this.line();
    if (line === 'END') return undefined;
    const length = Number(line.slice(line.lastIndexOf(' ') + 1));
    while (this.buffer.length < length + 2 + END.length) await this.more();
    const body = this.buffer.subarray(0, length);
    this.buffer = this.buffer.subarray(length + 2 + END.length);
    return body;
  }

  close(): void {
    this.socket.destroy();
  }

  private async line(): Promise<string> {
    for (;;) {
      const end = this.buffer.indexOf('\r\n');
      if (end >= 0) {
        const line = this.buffer.toString('latin1', 0, end);
        this.buffer = this.buffer.subarray(end + 2);
        return line;
      }
      await this.more();
    }
  }

  private more(): Promise<void> {
    return new Promise((resolve) => (this.wake = resolve));
  }
}

/** Fills a queue, which no figure counts. */
export async function fill(port: number, queue: string, bodies: readonly Uint8Array[]): Promise<void> {
  const connection = await RawConnection.open(port);
  for (let at = 0; at < bodies.length; at += 64) await connection.setAll(queue, bodies.slice(at, at + 64));
  connection.close();
}
