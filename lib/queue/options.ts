/**
 * Checks a numeric option. Returns the default if the option is absent.
 *
 * @throws RangeError naming the option, the value and the range
 */
export function numberOption(
  name: string,
  value: number | undefined,
  fallback: number,
  min: number,
  max: number,
  integer = true,
): number {
  const number = value ?? fallback;
  if (typeof number !== 'number' || !(number >= min && number <= max) || (integer && !Number.isInteger(number))) {
    const kind = integer ? 'a whole number' : 'a number';
    throw new RangeError(`option ${name} must be ${kind} from ${min} to ${max}, not ${String(value)}`);
  }
  return number;
}

/**
 * Checks an option that takes one of a few words. Returns the first word if the option is absent.
 *
 * @throws TypeError naming the option, the value and the choices
 */
export function choiceOption<Choice extends string>(
  name: string,
  value: Choice | undefined,
  choices: readonly [Choice, ...Choice[]],
): Choice {
  const choice = value ?? choices[0];
  if (choices.includes(choice)) return choice;
  throw new TypeError(
    `option ${name} must be ${choices.map((word) => `'${word}'`).join(' or ')}, not ${String(value)}`,
  );
}
