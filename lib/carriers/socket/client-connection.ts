import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type Clock, sleep } from '../../queue/clock.js';
import { QueueError } from '../../queue/queue-error.js';
import { socketError } from './socket-error.js';
import type { CarrierNoticeSink } from '../../queue/carrier-notice.js';
import type { ResolvedSenderOptions } from './socket-options.js';

/** Bytes of the length before a frame. */
const LENGTH_BYTES = 4;
/**
 * Milliseconds after which TCP asks an idle connection if the server is there. Below the 350 s after
 * which load balancers of AWS forget a connection: the kernel takes the next call, and it is lost.
 */
const KEEP_ALIVE_MS = 60_000;
/** Milliseconds for the server to close its side. */
const CLOSE_MS = 400;

export interface ClientConnectionParts extends ResolvedSenderOptions {
  /** Name of the server, for errors. */
  readonly name: string;
  readonly clock: Clock;
  readonly report: CarrierNoticeSink;
}

/** A connection to a server, from its attempt to its end. */
export class ClientConnection {
  /** Resolves once messages can be written. Rejects if the attempt fails. */
  readonly opened: Promise<this>;
  private readonly socket: Socket;
  /** Why the connection cannot be used any more. */
  private failure: QueueError | undefined;
  /** Fails the writes that the kernel has not taken. */
  private readonly writes = new Set<(error: QueueError) => void>();
  private readonly closed: Promise<void>;

  constructor(private readonly parts: ClientConnectionParts) {
    const { host, port, tlsOptions } = parts;
    this.socket = tlsOptions ? connectTls({ ...tlsOptions, host, port }) : connect({ host, port });
    this.socket.setNoDelay(true);
    this.socket.once('connect', () => this.socket.setKeepAlive(true, KEEP_ALIVE_MS));
    this.socket.on('error', (error) => this.fail(socketError(error, parts.name, 'send to')));
    // The server may read on, so writes in progress go on. Node closes this side after them.
    this.socket.on(
      'end',
      () => (this.failure ??= this.network('ServerClosed', 'the server has closed the connection')),
    );
    this.socket.on('close', () => this.fail(this.network('Disconnected', 'the connection is closed')));
    this.socket.on('data', () => this.answered());
    this.closed = new Promise((resolve) => this.socket.once('close', () => resolve()));
    this.opened = this.open(tlsOptions ? 'secureConnect' : 'connect');
    // The caller may look later.
    this.opened.catch(() => undefined);
  }

  /** False once the connection has failed, or the server has closed its side. */
  get isUsable(): boolean {
    return this.failure === undefined;
  }

  /**
   * Writes messages, and resolves when the kernel has taken all of them. Rejects if that is not
   * known. The kernel may then have taken some.
   */
  async write(messages: readonly Uint8Array[]): Promise<void> {
    if (this.failure) throw this.failure;
    const { clock, writeTimeoutMs, name } = this.parts;
    await new Promise<void>((resolve, reject) => {
      const late = (): void => {
        const text = `${name} has not read for ${writeTimeoutMs} ms (writeTimeoutMs). Check that it handles calls`;
        this.fail(this.network('WriteTimeout', text));
      };
      const cancel = clock.setTimer(late, writeTimeoutMs);
      const failed = (error: QueueError): void => {
        this.writes.delete(failed);
        cancel();
        reject(error);
      };
      this.writes.add(failed);
      this.socket.write(this.join(messages), (error) => {
        if (error) return failed(socketError(error, name, 'send to'));
        if (!this.writes.delete(failed)) return;
        cancel();
        resolve();
      });
    });
  }

  /**
   * Closes the connection. Writes that the kernel has not taken fail. Waits a little for the server to
   * close its side: an answer that arrives after the close would destroy what the server has not read.
   */
  async close(error: QueueError): Promise<void> {
    this.failure ??= error;
    if (this.writes.size > 0 || this.socket.connecting) return this.fail(error);
    this.socket.end();
    const over = new AbortController();
    await Promise.race([this.closed, sleep(this.parts.clock, CLOSE_MS, over.signal)]);
    over.abort();
    this.socket.destroy();
  }

  private open(event: 'connect' | 'secureConnect'): Promise<this> {
    const { clock, connectTimeoutMs } = this.parts;
    return new Promise((resolve, reject) => {
      const late = (): void =>
        this.fail(this.network('ConnectTimeout', `no connection within ${connectTimeoutMs} ms (connectTimeoutMs)`));
      const cancel = clock.setTimer(late, connectTimeoutMs);
      this.socket.once(event, () => {
        cancel();
        resolve(this);
      });
      this.socket.once('close', () => {
        cancel();
        reject(this.failure!);
      });
    });
  }

  /** Joins messages, each behind its length if the server expects frames. */
  private join(messages: readonly Uint8Array[]): Buffer {
    if (!this.parts.framed) return Buffer.concat(messages);
    return Buffer.concat(
      messages.flatMap((message) => {
        const length = Buffer.allocUnsafe(LENGTH_BYTES);
        length.writeInt32BE(message.length);
        return [length, message];
      }),
    );
  }

  /** Ends the use of the connection. The first failure counts. */
  private fail(error: QueueError): void {
    this.failure ??= error;
    for (const failed of this.writes) failed(this.failure);
    this.socket.destroy();
  }

  private answered(): void {
    const { name, report } = this.parts;
    report({
      level: 'warn',
      kind: `answered ${name}`,
      text: `${name} answers oneway calls, as servers do that do not know a method; give it the same IDL, or the answers fill its connection`,
    });
  }

  private network(code: string, what: string): QueueError {
    const { name } = this.parts;
    return new QueueError(`${name}: ${what}.`, { code, kind: 'network', queue: name });
  }
}
