import type { Direction, ProxyMode } from './proxy-modes.js';

/** Holds the decision of a mode with a limit about one connection. */
export class ConnectionFate {
  /** Nothing passes any more. */
  dead = false;
  private mode: ProxyMode | undefined;
  private doomed = false;
  private readonly bytes: Record<Direction, number> = { request: 0, answer: 0 };
  private last: Direction = 'answer';
  private requests = 0;
  private decidedAt = 0;

  /** Bytes are about to go this way; those of a client that follow an answer begin a request. */
  begin(direction: Direction): void {
    if (direction === 'request' && this.last === 'answer') this.requests += 1;
    this.last = direction;
  }

  /** Number of bytes that may pass before the connection ends. */
  allowed(mode: ProxyMode, direction: Direction): number {
    if (mode !== this.mode) this.start(mode);
    if (mode.kind === 'limitData') return direction === 'answer' ? mode.bytes - this.bytes.answer : Infinity;
    return mode.kind === 'reset' ? this.allowedBeforeReset(mode, direction) : Infinity;
  }

  passed(direction: Direction, bytes: number): void {
    this.bytes[direction] += bytes;
  }

  private allowedBeforeReset(mode: Extract<ProxyMode, { kind: 'reset' }>, direction: Direction): number {
    if (mode.per === 'request' && this.requests !== this.decidedAt) this.start(mode);
    const { at = 'request', afterBytes = 0 } = mode;
    return this.doomed && direction === at ? Math.max(0, afterBytes - this.bytes[at]) : Infinity;
  }

  /** Counts from here on. */
  private start(mode: ProxyMode): void {
    this.mode = mode;
    this.decidedAt = this.requests;
    this.bytes.request = 0;
    this.bytes.answer = 0;
    this.doomed = mode.kind === 'reset' && mode.random() < mode.probability;
  }
}
