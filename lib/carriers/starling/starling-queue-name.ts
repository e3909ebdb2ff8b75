import { nullAdvice } from '../../common/number-fault.js';
import { describeOption } from '../../common/option-names.js';

/** Matches a name that every server takes as one plain queue (memcached protocol.txt: 250 bytes). */
const NAME = /^[A-Za-z0-9_-]{1,250}$/;

/** Explains what a server makes of a name with one of these characters. */
const MEANINGS: readonly (readonly [part: RegExp, meaning: string])[] = [
  [/\//, 'A slash separates a name from options, and Starling would write outside its folder.'],
  [/\+/, 'Kestrel and Siberite send to several queues for a name with "+".'],
  [/\./, 'Siberite reads a name with "." as a cursor, and Starling as a path.'],
  [/[\s\p{Cc}]/u, 'White space and control characters end a name or a command.'],
];

/**
 * Checks the name of a queue. A name that is fine for one server is several queues, a path or a
 * second command for another server.
 *
 * @param option names the option in the error
 * @throws TypeError the value is no name; the text says what a server would make of it
 */
export function checkQueueName(option: string, name: unknown): string {
  if (typeof name === 'string' && NAME.test(name)) return name;
  const meaning = typeof name === 'string' ? MEANINGS.find(([part]) => part.test(name))?.[1] : undefined;
  throw new TypeError(
    `option ${option} must be 1 to 250 letters, digits, "_" and "-", got ${describeOption(name)}${nullAdvice(name)}` +
      (meaning === undefined ? '' : `. ${meaning}`),
  );
}
