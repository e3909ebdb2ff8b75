/**
 * An option that is one of a few words, or its default when it is not given.
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
