import type { Socket } from 'node:net';
import type { Clock } from '../../queue/clock.js';
import type { DataBlock, Reply, ServerRules } from './server-rules.js';

/**
 * Lists what an embedded server can do in place of an answer.
 *
 * - `silence`: the command has no effect and no answer.
 * - `disconnect`: the command has no effect, and the connection ends.
 * - `lose-answer`: the command takes effect, and the connection ends without its answer.
 * - `bytes`: the command takes effect, and its answer comes in single bytes.
 * - `{ answer }`: the command has no effect, and the text is the answer. Siberite and Kestrel close the
 *   connection after an error.
 *
 * @publicApi
 */
export type StarlingFault = 'silence' | 'disconnect' | 'lose-answer' | 'bytes' | { readonly answer: string };

export interface SessionParts {
  readonly socket: Socket;
  readonly rules: ServerRules;
  readonly clock: Clock;
  /** Decides about a command, by its line. */
  readonly faultOf: (line: string) => StarlingFault | undefined;
}

/** Serves one connection: splits its bytes into commands, and answers them in order. */
export class ServerSession {
  private bytes = Buffer.alloc(0);
  private block: { readonly data: DataBlock; readonly fault: StarlingFault | undefined } | undefined;
  /** True once the connection says nothing any more. */
  private isMute = false;
  private isWaiting = false;
  private forgetLine: (() => void) | undefined;

  constructor(private readonly parts: SessionParts) {
    const { socket, rules } = parts;
    socket.on('data', (chunk) => {
      this.forgetLine?.();
      this.bytes = Buffer.concat([this.bytes, chunk]);
      this.advance();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.isMute = true;
      this.forgetLine?.();
      rules.ended();
    });
  }

  private advance(): void {
    while (!this.isMute && !this.isWaiting && (this.block ? this.readBlock() : this.readLine())) {
      // Reads on until the bytes of the next command are missing.
    }
    if (this.bytes.length > 0 && this.block === undefined) this.forgetLineLater();
  }

  private readLine(): boolean {
    const end = this.bytes.indexOf('\r\n');
    if (end < 0) return false;
    const line = this.bytes.toString('latin1', 0, end);
    this.bytes = this.bytes.subarray(end + 2);
    const { rules, faultOf } = this.parts;
    const fault = faultOf(line);
    // A command with a data block fails after its block.
    if (prevents(fault) && !line.startsWith('set ')) return this.fail(fault);
    const execution = rules.execute(line);
    if ('bytes' in execution) this.block = { data: execution, fault };
    else if (execution instanceof Promise) this.answerLater(execution, fault);
    else this.answer(execution, fault);
    return true;
  }

  private readBlock(): boolean {
    const { data, fault } = this.block!;
    if (this.bytes.length < data.bytes + 2) return false;
    const body = Buffer.from(this.bytes.subarray(0, data.bytes));
    const isWhole = this.bytes.toString('latin1', data.bytes, data.bytes + 2) === '\r\n';
    this.bytes = this.bytes.subarray(data.bytes + 2);
    this.block = undefined;
    if (prevents(fault)) return this.fail(fault);
    const reply = isWhole ? data.stored(body) : data.broken;
    if (reply === undefined) this.isMute = true;
    else this.answer(reply, fault);
    return true;
  }

  private fail(fault: Prevention): true {
    if (fault === 'silence') this.isMute = true;
    else if (fault === 'disconnect') this.parts.socket.destroy();
    else this.answer({ text: fault.answer, close: this.parts.rules.closesAfter(fault.answer) }, undefined);
    return true;
  }

  private answerLater(reply: Promise<Reply>, fault: StarlingFault | undefined): void {
    this.isWaiting = true;
    void reply.then((text) => {
      this.isWaiting = false;
      this.answer(text, fault);
      this.advance();
    });
  }

  private answer({ text, close = false }: Reply, fault: StarlingFault | undefined): void {
    const { socket } = this.parts;
    if (fault === 'lose-answer') return void socket.destroy();
    const bytes = Buffer.from(text);
    if (fault === 'bytes') for (const byte of bytes) socket.write(Buffer.of(byte));
    else socket.write(bytes);
    if (!close) return;
    this.isMute = true;
    this.parts.rules.ended();
    socket.end();
  }

  private forgetLineLater(): void {
    const { rules, clock } = this.parts;
    if (rules.lineMs === undefined) return;
    this.forgetLine = clock.setTimer(() => (this.bytes = Buffer.alloc(0)), rules.lineMs);
  }
}

type Prevention = Exclude<StarlingFault, 'lose-answer' | 'bytes'>;

/** True for a fault in whose place the command has no effect. */
function prevents(fault: StarlingFault | undefined): fault is Prevention {
  return fault !== undefined && fault !== 'lose-answer' && fault !== 'bytes';
}
