import { describeOption, optionFault, type OptionNames } from '../common/option-names.js';
import type { SendOptions } from './outgoing-message.js';

const NAMES = {
  attributes: true,
  groupId: true,
  deduplicationId: true,
  delaySeconds: true,
} satisfies OptionNames<SendOptions>;

/** The same names without a prototype, for a look-up at every call. */
const KNOWN: object = Object.assign(Object.create(null) as object, NAMES);

/**
 * Checks the names of send options, and that the attributes are an object. A misspelt name would
 * send a call without the option. Each value is checked when a call is sent.
 *
 * @param subject names the class or function in the error
 * @throws TypeError a name is unknown, or a value is no object
 */
export function checkSendOptions(subject: string, options: SendOptions): SendOptions {
  const fault = faultOf(options);
  if (fault !== undefined) throw new TypeError(`${subject}: ${fault}`);
  return options;
}

function faultOf(options: SendOptions): string | undefined {
  if (!isKnown(options)) return optionFault(options, NAMES);
  const { attributes } = options;
  // Most calls have none. JavaScript may pass null.
  if (!attributes || (typeof attributes === 'object' && !(Symbol.iterator in attributes))) return undefined;
  return `attributes must be an object, got ${describeOption(attributes)}`;
}

function isKnown(options: SendOptions): boolean {
  if (typeof options !== 'object' || options === null) return false;
  for (const name in options) if (!(name in KNOWN)) return false;
  return true;
}
