import { nullAdvice } from '../common/number-fault.js';
import { describeOption } from '../common/option-names.js';

/**
 * Checks an option that names a queue.
 *
 * @throws TypeError the option is no text, or empty
 */
export function queueName<Name>(option: string, name: Name): Name {
  if (name === undefined || (typeof name === 'string' && name !== '')) return name;
  const got = name === '' ? 'an empty text' : describeOption(name);
  throw new TypeError(`option ${option} must be the name of a queue, got ${got}${nullAdvice(name)}`);
}
