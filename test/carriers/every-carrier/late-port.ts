import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/**
 * A port of 127.0.0.1 that is known before the server behind it listens. So a client can be created first, as in an
 * application that emits to itself, and no test needs a fixed port.
 */
export class LatePort {
  /** Port of the server, once it listens. */
  target: () => number | undefined = () => undefined;
  private readonly open = new Set<Socket>();
  private readonly server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.join(client));

  private constructor() {}

  static async open(): Promise<LatePort> {
    const late = new LatePort();
    late.server.listen(0, '127.0.0.1');
    await once(late.server, 'listening');
    return late;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  close(): void {
    this.server.close();
    for (const socket of this.open) socket.destroy();
  }

  private join(client: Socket): void {
    const port = this.target();
    if (port === undefined) return void client.destroy();
    const server = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      this.open.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.open.delete(from);
        if (!from.readableEnded) to.destroy();
      });
    }
  }
}
