import type { Socket } from 'node:net';
import type { Reply } from './actions.js';

/** Answers one request. */
export type Handler = (action: string, body: string, reply: Reply) => void;

const HEAD_END = Buffer.from('\r\n\r\n');
const SERVICE = 'AmazonSQS.';
const LENGTH = /\r\ncontent-length: *(\d+)/i;

/**
 * Reads HTTP/1.1 requests from a connection, of which it understands as much as clients of SQS send:
 * the length of the body, and the action. Answers in order, one request at a time.
 */
export class HttpConnection {
  private chunks: Buffer[] = [];
  private bytes = 0;
  /** Bytes that the next request takes at least. */
  private needed = HEAD_END.length;
  private isBusy = false;
  private isReading = false;
  private cancel: (() => void) | undefined;

  constructor(
    private readonly socket: Socket,
    private readonly handle: Handler,
    private readonly delayMs: () => number,
  ) {
    socket.setNoDelay(true);
    socket.on('data', (chunk) => {
      this.chunks.push(chunk);
      this.bytes += chunk.length;
      this.read();
    });
    socket.on('close', () => this.cancel?.());
    socket.on('error', () => socket.destroy());
  }

  private read(): void {
    this.isReading = true;
    this.readRequests();
    this.isReading = false;
  }

  private readRequests(): void {
    while (!this.isBusy && this.bytes >= this.needed) {
      const buffer = this.chunks.length === 1 ? this.chunks[0]! : Buffer.concat(this.chunks);
      this.chunks = [buffer];
      const headEnd = buffer.indexOf(HEAD_END);
      if (headEnd < 0) {
        this.needed = this.bytes + 1;
        return;
      }
      const head = buffer.toString('latin1', 0, headEnd);
      const from = headEnd + HEAD_END.length;
      const end = from + Number(LENGTH.exec(head)?.[1] ?? 0);
      if (end > buffer.length) {
        this.needed = end;
        return;
      }
      this.keep(buffer, end);
      this.begin(actionOf(head), buffer.toString('utf8', from, end));
    }
  }

  /** Keeps the bytes of later requests. */
  private keep(buffer: Buffer, from: number): void {
    this.bytes = buffer.length - from;
    this.chunks = this.bytes === 0 ? [] : [buffer.subarray(from)];
    this.needed = HEAD_END.length;
  }

  private begin(action: string, body: string): void {
    this.isBusy = true;
    const reply = (json: string): void => {
      this.cancel = undefined;
      const delayMs = this.delayMs();
      if (delayMs > 0) setTimeout(() => this.answer(json), delayMs);
      else this.answer(json);
    };
    const onClosed = (cancel: () => void): void => void (this.cancel = cancel);
    this.handle(action, body, Object.assign(reply, { onClosed }));
  }

  private answer(json: string): void {
    this.isBusy = false;
    const status = json.startsWith('{"__type"') ? '400 Bad Request' : '200 OK';
    // All characters are ASCII, so the length is the number of characters.
    this.socket.write(
      `HTTP/1.1 ${status}\r\nx-amzn-requestid: bench\r\ncontent-type: application/x-amz-json-1.0\r\ncontent-length: ${json.length}\r\n\r\n${json}`,
      'latin1',
    );
    // A request that is answered at once leaves the rest to the loop that began it.
    if (this.bytes > 0 && !this.isReading) this.read();
  }
}

/** Returns the action of the header `x-amz-target: AmazonSQS.Action`. */
function actionOf(head: string): string {
  const at = head.indexOf(SERVICE);
  if (at < 0) return '';
  const end = head.indexOf('\r', at);
  return head.slice(at + SERVICE.length, end < 0 ? undefined : end);
}
