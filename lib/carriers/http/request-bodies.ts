import type { IncomingMessage } from 'node:http';
import { type LinkedItem, LinkedItems } from '../../common/linked-items.js';
import type { Clock } from '../../queue/clock.js';
import { bodyTooLarge } from './check-request.js';
import { Deadlines } from './deadlines.js';
import { busy, type HttpRefusal, RefusedRequest } from './refusal.js';

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
  private readonly readings = new LinkedItems<Reading>();
  private readonly deadlines: Deadlines;

  constructor(private readonly parts: RequestBodiesParts) {
    this.deadlines = new Deadlines(parts.clock, parts.requestTimeoutMs);
  }

  /**
   * Resolves with a copy of the body.
   *
   * @throws RefusedRequest the body is too large, too slow or empty, or would take too much memory
   * @throws Error the connection broke off
   */
  async read(request: IncomingMessage): Promise<Buffer> {
    const body = parsedBody(request) ?? (await this.readStream(request));
    if (body.length === 0) throw new RefusedRequest({ status: 400, text: 'empty: the body is empty' });
    if (body.length > this.parts.maxBodyBytes) throw new RefusedRequest(bodyTooLarge(this.parts.maxBodyBytes));
    return body;
  }

  /** Refuses every body that has not arrived whole. */
  refuseAll(refusal: HttpRefusal): void {
    for (const reading of this.readings) reading.refuse(refusal);
  }

  private readStream(request: IncomingMessage): Promise<Buffer> {
    const { maxBodyBytes, requestTimeoutMs } = this.parts;
    return new Promise((resolve, reject) => {
      const broken = (): void => reject(new Error('the connection broke off'));
      // It may have broken off while the access was checked, which would not be reported again.
      if (request.destroyed) return broken();
      const refuse = (refusal: HttpRefusal): void => {
        if (this.end(reading)) reject(new RefusedRequest(refusal));
      };
      const cancel = this.deadlines.start(() => refuse(slow(requestTimeoutMs)));
      const reading: Reading = { before: undefined, after: undefined, chunks: [], bytes: 0, refuse, cancel };
      this.readings.add(reading);
      // The listeners stay until the request is gone. Those of a reading that is over do nothing.
      request.on('data', (chunk: Buffer) => {
        if (!this.readings.has(reading)) return;
        if (reading.bytes + chunk.length > maxBodyBytes) return refuse(bodyTooLarge(maxBodyBytes));
        reading.chunks.push(chunk);
        this.add(reading, chunk.length);
      });
      request.on('end', () => {
        const body = Buffer.concat(reading.chunks);
        if (this.end(reading)) resolve(body);
      });
      request.on('close', () => {
        if (this.end(reading)) broken();
      });
      // Reported by `close` as well. Without a listener it would end the process.
      request.on('error', () => undefined);
    });
  }

  /** Ends a reading. False if it is over already. */
  private end(reading: Reading): boolean {
    if (!this.readings.delete(reading)) return false;
    this.bytes -= reading.bytes;
    // The listeners keep the reading as long as the request.
    reading.chunks = [];
    reading.cancel();
    return true;
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
interface Reading extends LinkedItem<Reading> {
  chunks: Buffer[];
  bytes: number;
  readonly refuse: (refusal: HttpRefusal) => void;
  readonly cancel: () => void;
}

const FULL = busy('too many bodies are being read at this moment; try again');
/** Refuses a request that comes while the server stops. */
export const STOPPING = { ...busy('the server stops; try again, at another server or later'), closes: true };

function slow(requestTimeoutMs: number): HttpRefusal {
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
