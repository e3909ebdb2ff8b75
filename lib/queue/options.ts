import { nearestName } from '../common/nearest-name.js';
import { booleanFault } from '../common/boolean-fault.js';
import { nullAdvice, numberFault } from '../common/number-fault.js';
import { describeOption } from '../common/option-names.js';

export { booleanFault };

/**
 * Checks a numeric option. Returns the default if the option is absent.
 *
 * @throws RangeError names the option, the range and the value
 */
export function numberOption(
  name: string,
  value: number | undefined,
  fallback: number,
  min: number,
  max: number,
  integer = true,
): number {
  const number = value === undefined ? fallback : value;
  const fault = numberFault(name, number, { min, max, integer });
  if (fault !== undefined) throw new RangeError(fault);
  return number;
}

/**
 * Checks an option that is true or false. Returns the default if the option is absent.
 *
 * @throws TypeError names the option and the value
 */
export function booleanOption(name: string, value: boolean | undefined, fallback: boolean): boolean {
  const flag = value === undefined ? fallback : value;
  const fault = booleanFault(name, flag);
  if (fault !== undefined) throw new TypeError(fault);
  return flag;
}

/**
 * Checks an option that takes one of a few words. Returns the first word if the option is absent.
 *
 * @throws TypeError names the option, the choices and the value
 */
export function choiceOption<Choice extends string>(
  name: string,
  value: Choice | undefined,
  choices: readonly [Choice, ...Choice[]],
): Choice {
  const choice = value === undefined ? choices[0] : value;
  if (choices.includes(choice)) return choice;
  const words = choices.map((word) => `'${word}'`).join(' or ');
  const meant = typeof choice === 'string' ? nearestName(choice, choices) : undefined;
  const advice = meant === undefined ? nullAdvice(choice) : `; did you mean '${meant}'?`;
  throw new TypeError(`${name} must be ${words}, got ${describeOption(choice)}${advice}`);
}

/**
 * Checks that an option is absent or has a type of JavaScript.
 *
 * @throws TypeError names the option and the value
 */
export function typeOption<Value>(name: string, value: Value, type: 'function' | 'symbol' | 'string'): Value {
  if (value === undefined || typeof value === type) return value;
  const wanted = type === 'string' ? 'text' : `a ${type}`;
  throw new TypeError(`${name} must be ${wanted}, got ${describeOption(value)}${nullAdvice(value)}`);
}

/**
 * Checks that an option is absent or an object that holds options.
 *
 * @throws TypeError names the option and the value
 */
export function objectOption<Value extends object>(name: string, value: Value | undefined): Value | undefined {
  if (value === undefined || (typeof value === 'object' && value !== null && !Array.isArray(value))) return value;
  throw new TypeError(`${name} must be an object, got ${describeOption(value)}${nullAdvice(value)}`);
}
