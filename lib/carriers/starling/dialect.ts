import { VERSION } from './commands.js';
import type { StarlingConnection } from './starling-connection.js';
import { refusal, starlingError, type Subject } from './starling-errors.js';
import type { StarlingDialect } from './starling-options.js';

/** First words of the answers of Starling to a command that it does not know. */
const UNKNOWN_COMMAND = /^(?:CLIENT_)?ERROR\b/;

/** Knows the dialect of a server, from an option or from the first connection. */
export class DialectCheck {
  private known: StarlingDialect | undefined;

  constructor(
    private readonly subject: Subject,
    private readonly wanted: StarlingDialect | 'auto',
  ) {
    // Servers that know `get` and `set` alone need not answer a question.
    if (wanted === 'starling') this.known = 'starling';
  }

  /** The dialect. Known once the first connection was checked. */
  get dialect(): StarlingDialect {
    return this.known!;
  }

  /**
   * Checks the server behind a new connection. A Starling answers END to every `get` of the dialect
   * `kestrel`, so a wrong dialect would look like an empty queue for ever. Rejects with a QueueError
   * if the server speaks another dialect than before, or than the option says.
   */
  async check(connection: StarlingConnection): Promise<void> {
    if (this.wanted === 'starling') return;
    const answer = await connection.request(VERSION, { mayFail: true });
    const text = answer.type === 'line' ? answer.text : 'an item';
    const found = text.startsWith('VERSION ') ? 'kestrel' : UNKNOWN_COMMAND.test(text) ? 'starling' : undefined;
    if (found === undefined) throw refusal(this.subject, 'version', text);
    const expected = this.known ?? (this.wanted === 'auto' ? found : this.wanted);
    if (found !== expected) throw this.mismatch(expected, found);
    this.known = found;
  }

  private mismatch(expected: StarlingDialect, found: StarlingDialect): Error {
    const advice =
      this.wanted === 'auto'
        ? 'Another server answers there now: restart the worker.'
        : `Set the option dialect to '${found}' or 'auto'.`;
    const text = `the server speaks the dialect ${found} instead of ${expected}. ${advice}`;
    return starlingError(this.subject, 'WrongDialect', 'invalid', text);
  }
}
