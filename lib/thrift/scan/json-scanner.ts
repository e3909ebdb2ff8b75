import { ThriftReadError } from '../errors.js';
import { BACKSLASH, CLOSE_LIST, CLOSE_OBJECT, OPEN_LIST, OPEN_OBJECT, QUOTE } from '../json/json-syntax.js';
import type { MessageScanner } from './message-scanner.js';

/** Characters of TJSONProtocol outside of strings: punctuation, white space and numbers. */
const OUTSIDE = new Set(Buffer.from('[]{}:,"-+.0123456789eE \t\r\n'));

/** Finds the ends of messages of the JSON protocol, which begin with their bracket. */
export class JsonScanner implements MessageScanner {
  examined = 0;
  private at = 0;
  private depth = 0;
  private isInString = false;
  private isEscaped = false;

  get leastLength(): number {
    return this.at;
  }

  scan(bytes: Buffer, start: number, end: number): number | undefined {
    for (let at = start + this.at; at < end; at++) {
      this.examined += 1;
      if (this.isInString) this.inString(bytes[at]!);
      else if (this.outside(bytes[at]!)) return this.finish(at + 1 - start);
    }
    this.at = end - start;
    return undefined;
  }

  private inString(byte: number): void {
    if (this.isEscaped) this.isEscaped = false;
    else if (byte === BACKSLASH) this.isEscaped = true;
    else if (byte === QUOTE) this.isInString = false;
  }

  /** True if the message ends with this byte. */
  private outside(byte: number): boolean {
    if (this.depth === 0 ? byte !== OPEN_LIST : !OUTSIDE.has(byte)) {
      throw new ThriftReadError('bad-header', `0x${byte.toString(16).padStart(2, '0')} outside of a JSON string`);
    }
    if (byte === QUOTE) this.isInString = true;
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) this.depth += 1;
    else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) this.depth -= 1;
    return this.depth === 0;
  }

  private finish(length: number): number {
    this.at = 0;
    return length;
  }
}
