import { connect, type Socket } from 'node:net';
import { sleep, systemClock } from '#lib/queue/clock.js';
import { ConnectionFate } from './connection-fate.js';
import type { CurrentMode, Direction, ProxyMode } from './proxy-modes.js';

/** Pause in ms between the pieces of a trickle. */
const DRIP_MS = 20;

/** In which a receiver reads what came before a reset. */
const BEFORE_RESET_MS = 5;

interface Packet {
  /** Undefined is the end of the stream. */
  readonly bytes: Buffer | undefined;
  readonly at: number;
}

/** One client's connection through the proxy. */
export class ProxiedConnection {
  /** Resolves when the client's end is closed. */
  readonly closed: Promise<void>;
  private readonly target: Socket;
  private readonly fate = new ConnectionFate();

  constructor(
    private readonly client: Socket,
    targetPort: number,
    private readonly current: () => CurrentMode,
  ) {
    this.target = connect({ host: '127.0.0.1', port: targetPort, noDelay: true, allowHalfOpen: true });
    this.closed = new Promise((resolve) => client.once('close', () => resolve()));
    this.carry(client, this.target, 'request');
    this.carry(this.target, client, 'answer');
    for (const socket of [client, this.target]) socket.on('error', () => void this.lose());
  }

  reset(): void {
    this.client.resetAndDestroy();
    this.target.resetAndDestroy();
  }

  private carry(from: Socket, to: Socket, direction: Direction): void {
    const line: Packet[] = [];
    let carrying = false;
    const take = (bytes: Buffer | undefined): void => {
      line.push({ bytes, at: Date.now() });
      if (carrying) return;
      carrying = true;
      void this.carryAll(line, to, direction).then(() => (carrying = false));
    };
    from.on('data', (bytes: Buffer) => take(bytes));
    from.on('end', () => take(undefined));
  }

  private async carryAll(line: Packet[], to: Socket, direction: Direction): Promise<void> {
    for (let packet = line.shift(); packet !== undefined; packet = line.shift()) {
      await this.late(packet.at);
      if (packet.bytes !== undefined) await this.pass(packet.bytes, to, direction);
      else await this.end(to);
    }
  }

  /** Passes the end of a stream on. A black hole swallows that too, so the other side learns nothing until it is over. */
  private async end(to: Socket): Promise<void> {
    await this.outOfBlackHole();
    if (this.fate.dead) this.reset();
    else to.end();
  }

  private async lose(): Promise<void> {
    await this.outOfBlackHole();
    this.reset();
  }

  private async outOfBlackHole(): Promise<void> {
    for (let { mode, over } = this.current(); mode.kind === 'blackHole'; { mode, over } = this.current()) {
      this.fate.dead = true;
      await new Promise<void>((resolve) => over.addEventListener('abort', () => resolve(), { once: true }));
    }
  }

  /** Waits until a packet has been under way for as long as the mode says; no longer than the mode is on. */
  private async late(since: number): Promise<void> {
    const { mode, over } = this.current();
    if (mode.kind !== 'latency') return;
    const { ms, jitterMs = 0, random = Math.random } = mode;
    const left = since + ms + jitterMs * random() - Date.now();
    if (left > 0) await sleep(systemClock, left, over);
  }

  /** Passes bytes on, piece by piece, each as the mode of its moment says. */
  private async pass(bytes: Buffer, to: Socket, direction: Direction): Promise<void> {
    this.fate.begin(direction);
    for (let rest = bytes; rest.length > 0;) {
      const { mode, over } = this.current();
      if (mode.kind === 'blackHole') this.fate.dead = true;
      if (this.fate.dead || to.destroyed) return;
      const allowed = this.fate.allowed(mode, direction);
      const piece = rest.subarray(0, Math.min(pieceBytes(mode), allowed));
      await write(to, piece);
      this.fate.passed(direction, piece.length);
      rest = rest.subarray(piece.length);
      if (piece.length >= allowed) {
        await this.strike(mode);
        return;
      }
      await pause(mode, over);
    }
  }

  private async strike({ kind }: ProxyMode): Promise<void> {
    this.fate.dead = true;
    if (kind === 'reset') {
      // What a receiver has not read yet when a reset comes is lost, and a reset right behind bytes looks to Node like an end.
      await sleep(systemClock, BEFORE_RESET_MS);
      await turn();
      this.reset();
    } else this.client.end(() => this.target.destroy());
  }
}

function pieceBytes(mode: ProxyMode): number {
  if (mode.kind === 'slice') return mode.bytes;
  if (mode.kind === 'bandwidth') return Math.max(1, Math.round((mode.bytesPerSecond * DRIP_MS) / 1000));
  return Infinity;
}

/** Between two pieces: the time they cost, or a turn of the event loop, so that the system does not join them. */
async function pause(mode: ProxyMode, over: AbortSignal): Promise<void> {
  if (mode.kind === 'slice') await turn();
  if (mode.kind === 'bandwidth') await sleep(systemClock, (1000 * pieceBytes(mode)) / mode.bytesPerSecond, over);
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Resolves when the system took the bytes, or when it never will. */
function write(to: Socket, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    if (bytes.length === 0 || to.destroyed) resolve();
    else to.write(bytes, () => resolve());
  });
}
