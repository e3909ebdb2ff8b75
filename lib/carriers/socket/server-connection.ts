import type { Socket } from 'node:net';
import { type Clock, SingleTimer } from '../../queue/clock.js';
import type { Inbox } from '../inbox/inbox.js';
import { Refusal } from './refusal.js';
import { StreamReader } from './stream-reader.js';

/** Answers that a client may leave unread, in bytes. */
const MOST_UNREAD = 65_536;

/**
 * Describes the sender of a message. Handlers get it from `ThriftContext.getMessage()`.
 *
 * @publicApi
 */
export interface SocketPeer {
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** The connection, for its TLS certificate. Do not write to it, and do not close it. */
  readonly socket: Socket;
}

/** Learns from a connection what concerns its server. */
export interface ConnectionOwner {
  /** Returns the answer to a message whose sender waits for one. Must not throw. */
  answer(message: Buffer): Buffer | undefined;
  /** The connection holds other bytes of a message that has not arrived whole. */
  incomplete(connection: ServerConnection): void;
  /** The connection is refused. */
  refused(peer: string, refusal: Refusal): void;
  /** The connection ended in the middle of a message, by its peer or by this server. */
  cutOff(peer: string, bytes: number, by: 'peer' | 'server'): void;
  /** The connection pushes nothing any more. */
  closed(connection: ServerConnection): void;
}

export interface ServerConnectionParts {
  readonly inbox: Inbox;
  readonly clock: Clock;
  readonly owner: ConnectionOwner;
  readonly maxFrameBytes: number;
  readonly incompleteMessageTimeout: number;
  /** Takes the end of each message. */
  readonly ended: (peer: string, end: 'given-up' | 'left') => void;
}

/** Reads the messages of one connection into the inbox, and pauses while the inbox is full. */
export class ServerConnection {
  readonly peer: string;
  private readonly raw: SocketPeer;
  private readonly reader: StreamReader;
  private readonly silence: SingleTimer;
  private cancelRoom: (() => void) | undefined;
  /** True once the client can send no more. */
  private isClosed = false;
  private isOver = false;

  constructor(
    private readonly socket: Socket,
    private readonly parts: ServerConnectionParts,
  ) {
    const { remoteAddress = 'unknown', remotePort = 0 } = socket;
    this.raw = { remoteAddress, remotePort, socket };
    this.peer = `${remoteAddress}:${remotePort}`;
    this.reader = new StreamReader(parts.maxFrameBytes);
    this.silence = new SingleTimer(parts.clock, () => this.refuse(this.silenceRefusal()), { background: true });
    socket.on('data', (chunk: Buffer) => this.received(chunk));
    socket.on('end', () => this.socket.end());
    // The close that follows says all.
    socket.on('error', () => undefined);
    socket.on('close', () => this.gone());
  }

  /** Bytes of a message that has not arrived whole. */
  get incompleteBytes(): number {
    return this.isOver ? 0 : this.reader.buffered;
  }

  /** Lets the client know that this side closes, and reads on. */
  finish(): void {
    this.socket.end();
  }

  /** Pushes what has arrived, although the inbox may be full, and closes the connection. */
  close(): void {
    this.end('server');
    this.socket.destroy();
  }

  /** Refuses the connection, and closes it. */
  refuse(refusal: Refusal): void {
    if (this.isOver) return;
    this.parts.owner.refused(this.peer, refusal);
    this.over();
    this.socket.destroy();
  }

  private received(chunk: Buffer): void {
    if (this.isOver) return;
    this.reader.push(chunk);
    this.silence.cancel();
    this.pump();
  }

  /** Pushes messages while the inbox has room, and pauses the socket when it has none. */
  private pump(): void {
    const { inbox } = this.parts;
    while (!inbox.isFull) {
      if (!this.pushNext()) return this.isClosed ? this.end('peer') : this.waitForBytes();
    }
    this.socket.pause();
    this.cancelRoom ??= inbox.whenRoom(() => this.resume());
  }

  private resume(): void {
    this.cancelRoom = undefined;
    this.pump();
    if (this.cancelRoom === undefined && !this.isOver) this.socket.resume();
  }

  private waitForBytes(): void {
    if (this.isOver) return;
    this.parts.owner.incomplete(this);
    if (this.reader.buffered > 0) this.silence.start(this.parts.incompleteMessageTimeout);
  }

  /** Pushes the next message. False if no whole message is left, or the connection is refused. */
  private pushNext(): boolean {
    try {
      const body = this.reader.next();
      if (body === undefined) return false;
      this.answer(body);
      this.push(body);
      return !this.isOver;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.refuse(error);
      return false;
    }
  }

  /** Pushes a message. A message that arrives after the close of the inbox is lost, and reported. */
  private push(body: Buffer): void {
    const { inbox, ended } = this.parts;
    if (!inbox.isOpen) return ended(this.peer, 'left');
    inbox.push({
      body,
      raw: this.raw,
      ended: ({ type }) => {
        if (type === 'given-up' || type === 'left') ended(this.peer, type);
      },
    });
  }

  /** @throws Refusal the client does not read its answers */
  private answer(body: Buffer): void {
    const answer = this.parts.owner.answer(body);
    if (answer === undefined || !this.socket.writable) return;
    if (this.socket.writableLength > MOST_UNREAD) {
      throw new Refusal(
        'unread-answers',
        'it calls methods with a result, and reads no answer; call oneway methods only',
      );
    }
    const length = Buffer.alloc(this.reader.isFramed ? 4 : 0);
    if (this.reader.isFramed) length.writeInt32BE(answer.length);
    this.socket.write(Buffer.concat([length, answer]));
  }

  /**
   * Ends the connection, once the inbox has had room for every whole message that has arrived. Until
   * then the connection counts as open, so that clients which come and go cannot fill the memory.
   */
  private gone(): void {
    this.isClosed = true;
    if (!this.isOver && this.parts.inbox.isOpen) this.pump();
    else this.end('peer');
  }

  /** Ends the connection once. Whole messages that have arrived are kept, since their sender is gone. */
  private end(by: 'peer' | 'server'): void {
    if (this.isOver) return;
    while (this.pushNext());
    if (this.isOver) return;
    if (this.reader.buffered > 0) this.parts.owner.cutOff(this.peer, this.reader.buffered, by);
    this.over();
  }

  private over(): void {
    this.isOver = true;
    this.silence.cancel();
    this.cancelRoom?.();
    this.cancelRoom = undefined;
    this.parts.owner.closed(this);
  }

  private silenceRefusal(): Refusal {
    const { incompleteMessageTimeout: ms } = this.parts;
    const bytes = this.reader.buffered;
    return new Refusal(
      'incomplete',
      `it was silent for ${ms} ms (incompleteMessageTimeout) after ${bytes} bytes of a message; its call is lost`,
    );
  }
}
