import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { type Clock, sleep } from '../../queue/clock.js';
import type { InboxOwner } from '../inbox/arrival.js';
import type { Inbox } from '../inbox/inbox.js';
import { ServerConnection, type ConnectionOwner } from './server-connection.js';
import { Refusal } from './refusal.js';
import type { CarrierNotice, CarrierNoticeSink } from '../../queue/carrier-notice.js';
import type { ResolvedReceiverOptions } from './socket-options.js';

/** Milliseconds after which TCP asks an idle connection if its peer is there. */
const KEEP_ALIVE_MS = 60_000;

export interface SocketServerParts extends ResolvedReceiverOptions {
  readonly clock: Clock;
  readonly report: CarrierNoticeSink;
  /** Returns the answer to a message whose sender waits for one. Must not throw. */
  readonly answer: (message: Buffer) => Buffer | undefined;
  /** Largest sum of the messages that have not arrived whole, in bytes. */
  readonly maxIncompleteBytes: number;
}

/** Accepts connections, and pushes their messages into an inbox. */
export class SocketServer implements InboxOwner, ConnectionOwner {
  private readonly server: Server;
  private readonly connections = new Set<ServerConnection>();
  /** Every socket, also during its TLS handshake. */
  private readonly sockets = new Set<Socket>();
  private readonly incompleteBytes = new Map<ServerConnection, number>();
  private sumOfIncomplete = 0;
  private inbox!: Inbox;
  /** Messages that the close of the inbox has ended. */
  private left = 0;
  private whenNone: (() => void) | undefined;

  constructor(private readonly parts: SocketServerParts) {
    const { tlsOptions, maxConnections } = parts;
    // A client may close its side at once, and the rest of its messages must still be read.
    const options = { allowHalfOpen: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS };
    const server = tlsOptions ? createTlsServer({ ...tlsOptions, ...options }) : createServer(options);
    server.maxConnections = maxConnections;
    server.on('connection', (socket: Socket) => this.track(socket));
    server.on('drop', () => this.full());
    server.on(tlsOptions ? 'secureConnection' : 'connection', (socket: Socket) => this.accept(socket));
    server.on('tlsClientError', (error: Error, socket: TLSSocket) => this.handshakeFailed(error, socket));
    this.server = server;
  }

  /**
   * Listens, and pushes into the inbox that `open` returns for the address.
   *
   * @throws Error the address is in use, or may not be used
   */
  listen<Receiver extends Inbox>(open: (address: AddressInfo) => Receiver): Promise<Receiver> {
    const { server } = this;
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.parts.port, this.parts.host, () => {
        server.off('error', reject);
        server.on('error', (error) => this.warn('server', `the server failed: ${error.message}`));
        const inbox = open(server.address() as AddressInfo);
        this.inbox = inbox;
        resolve(inbox);
      });
    });
  }

  async stop(): Promise<void> {
    this.server.close();
    for (const connection of this.connections) connection.finish();
    const over = new AbortController();
    const none = this.untilNone().then(() => over.abort());
    await Promise.race([none, sleep(this.parts.clock, this.parts.stopGraceMs, over.signal)]);
    this.closeConnections();
  }

  close(): Promise<void> {
    this.server.close();
    this.closeConnections();
    if (this.left > 0) this.error('left', `${this.left} messages were lost at the stop: ${ADVICE}`);
    return Promise.resolve();
  }

  answer(message: Buffer): Buffer | undefined {
    return this.parts.answer(message);
  }

  incomplete(connection: ServerConnection): void {
    const { maxIncompleteBytes } = this.parts;
    this.note(connection, connection.incompleteBytes);
    if (this.sumOfIncomplete <= maxIncompleteBytes) return;
    const [largest] = [...this.incompleteBytes].reduce((a, b) => (b[1] > a[1] ? b : a));
    const text = `all connections together hold more than ${maxIncompleteBytes} bytes of messages that are not whole, and it holds the most`;
    largest.refuse(new Refusal('too-much-incomplete', `${text}; lower maxFrameBytes, or raise maxBytes`));
  }

  refused(peer: string, { reason, message }: Refusal): void {
    this.warn(`refused ${reason}`, `refused the connection from ${peer}: ${message}`);
  }

  cutOff(peer: string, bytes: number, by: 'peer' | 'server'): void {
    const what = by === 'peer' ? `${peer} closed its connection` : `the stop closed the connection from ${peer}`;
    this.warn('cut off', `${what} after ${bytes} bytes of a message; its call is lost`);
  }

  closed(connection: ServerConnection): void {
    this.note(connection, 0);
    this.connections.delete(connection);
    if (this.connections.size === 0) this.whenNone?.();
  }

  private note(connection: ServerConnection, bytes: number): void {
    this.sumOfIncomplete += bytes - (this.incompleteBytes.get(connection) ?? 0);
    if (bytes === 0) this.incompleteBytes.delete(connection);
    else this.incompleteBytes.set(connection, bytes);
  }

  private track(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    // A TLS handshake reports its failure by itself.
    socket.on('error', () => undefined);
  }

  private accept(socket: Socket): void {
    const { inbox, parts } = this;
    // Clients that have gone count as well, while the inbox has no room for what they sent.
    if (this.connections.size >= parts.maxConnections) {
      socket.destroy();
      return this.full();
    }
    this.connections.add(new ServerConnection(socket, { ...parts, inbox, owner: this, ended: this.ended }));
  }

  private readonly ended = (peer: string, end: 'given-up' | 'left'): void => {
    if (end === 'left') this.left += 1;
    else this.error(end, `a message from ${peer} was given up: ${ADVICE}`);
  };

  private closeConnections(): void {
    for (const connection of this.connections) connection.close();
    for (const socket of this.sockets) socket.destroy();
  }

  private untilNone(): Promise<void> {
    if (this.connections.size === 0) return Promise.resolve();
    return new Promise((resolve) => (this.whenNone = resolve));
  }

  private full(): void {
    const { maxConnections } = this.parts;
    this.warn('full', `closed a new connection: ${maxConnections} are open (maxConnections); raise it, or close some`);
  }

  private handshakeFailed(error: Error & { readonly code?: string }, { remoteAddress = 'unknown' }: TLSSocket): void {
    const { code = '' } = error;
    const isPlain = code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_HTTP_REQUEST';
    const why = isPlain
      ? 'it does not speak TLS, and this port does; use TSSLSocket in the client, or leave out tlsOptions here'
      : `the TLS handshake failed (${code || error.message}); check the certificates and TLS versions of both sides`;
    this.refused(remoteAddress, new Refusal('tls-handshake', why));
  }

  private warn(kind: string, text: string): void {
    this.report({ level: 'warn', kind, text });
  }

  private error(kind: string, text: string): void {
    this.report({ level: 'error', kind, text });
  }

  private report(notice: CarrierNotice): void {
    this.parts.report(notice);
  }
}

const ADVICE = 'the poison policy could not act on it in time; see the errors before, and set deadLetterQueue';
