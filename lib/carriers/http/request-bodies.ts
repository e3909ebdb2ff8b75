import type { IncomingMessage } from 'node:http';
import type { Clock } from '../../queue/clock.js';
import { bodyTooLarge } from './check-request.js';
import { busy, RefusedRequest } from './refusal.js';

export interface RequestBodiesParts {
  readonly clock: Clock;
  readonly maxBodyBytes: number;
  /** Bytes of all bodies that may be read at a time. A single body may exceed them. */
  readonly maxReadingBytes: number;
  readonly requestTimeoutMs: number;
}

/** Reads the bodies of requests within limits of size, time and memory. */
export class RequestBodies {
  /** Bytes of the bodies that are being read. An announced length takes no memory yet. */
  private bytes = 0;
  private readonly readings = new Set<Reading>();

  constructor(private readonly parts: RequestBodiesParts) {}

  /**
   * Resolves with a copy of the body.
   *
   * @param signal ends the reading
   * @throws RefusedRequest the body is too large, too slow or empty, or would take too much memory
   * @throws Error the connection broke off
   */
  async read(request: IncomingMessage, signal: AbortSignal): Promise<Buffer> {
    const body = parsedBody(request) ?? (await this.readStream(request, signal));
    if (body.length === 0) throw new RefusedRequest({ status: 400, text: 'empty: the body is empty' });
    if (body.length > this.parts.maxBodyBytes) throw new RefusedRequest(bodyTooLarge(this.parts.maxBodyBytes));
    return body;
  }

  private readStream(request: IncomingMessage, signal: AbortSignal): Promise<Buffer> {
    const { clock, maxBodyBytes, requestTimeoutMs } = this.parts;
    const chunks: Buffer[] = [];
    return new Promise((resolve, reject) => {
      const refuse = (refusal: RefusedRequest['refusal']): void => end(() => reject(new RefusedRequest(refusal)));
      const reading: Reading = { bytes: 0, refuse };
      const onData = (chunk: Buffer): void => {
        if (reading.bytes + chunk.length > maxBodyBytes) return refuse(bodyTooLarge(maxBodyBytes));
        chunks.push(chunk);
        this.add(reading, chunk.length);
      };
      const onEnd = (): void => end(() => resolve(Buffer.concat(chunks)));
      const onBreak = (): void => end(() => reject(new Error('the connection broke off')));
      const onAbort = (): void => refuse(STOPPING);
      const late = clock.setTimer(() => refuse(slow(requestTimeoutMs)), requestTimeoutMs);
      const end = (act: () => void): void => {
        late();
        if (this.readings.delete(reading)) this.bytes -= reading.bytes;
        request.off('data', onData).off('end', onEnd).off('close', onBreak);
        signal.removeEventListener('abort', onAbort);
        act();
      };
      // Both may have happened while the access was checked, and would not be reported again.
      if (signal.aborted) return onAbort();
      if (request.destroyed) return onBreak();
      this.readings.add(reading);
      signal.addEventListener('abort', onAbort, { once: true });
      request.on('data', onData).on('end', onEnd).on('close', onBreak);
      // Reported by `close` as well. Without a listener it would end the process.
      request.on('error', () => undefined);
    });
  }

  /** Refuses the largest body when all bodies take too much, so that clients cannot keep out small ones. */
  private add(reading: Reading, bytes: number): void {
    reading.bytes += bytes;
    this.bytes += bytes;
    if (this.readings.size === 1 || this.bytes <= this.parts.maxReadingBytes) return;
    [...this.readings].reduce((a, b) => (b.bytes > a.bytes ? b : a)).refuse(FULL);
  }
}

/** A body that is being read. */
interface Reading {
  bytes: number;
  readonly refuse: (refusal: RefusedRequest['refusal']) => void;
}

const FULL = busy('too many bodies are being read at this moment; try again');
/** Refuses a request that comes while the server stops. */
export const STOPPING = { ...busy('the server stops; try again, at another server or later'), closes: true };

function slow(requestTimeoutMs: number): RefusedRequest['refusal'] {
  return {
    status: 408,
    text: `the body did not arrive within ${requestTimeoutMs} ms (requestTimeoutMs)`,
    closes: true,
  };
}

/** Returns the bytes that a middleware of the application has read before, if any. */
function parsedBody(request: IncomingMessage & { body?: unknown; rawBody?: unknown }): Buffer | undefined {
  const { rawBody, body, readableEnded } = request;
  const bytes = [rawBody, body].find((value) => Buffer.isBuffer(value));
  if (bytes !== undefined || !readableEnded) return bytes;
  const text =
    'another middleware has read the body; mount the listener before it, or let it keep the bytes as req.rawBody';
  throw new RefusedRequest({ status: 500, text });
}
