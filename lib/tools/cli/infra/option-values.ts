import { describeOption, optionFault } from '../../../common/option-names.js';
import { objectOption } from '../../../queue/options.js';

/** Checks the names of an object of options. Returns an empty object if it is absent. */
export function sectionOption<Options extends object>(
  name: string,
  given: Options | undefined,
  names: Readonly<Record<string, true>>,
): Partial<Options> {
  const options: Options | undefined = objectOption(name, given);
  const fault = options === undefined ? undefined : optionFault(options, names, name);
  if (fault !== undefined) throw new TypeError(fault);
  return options ?? {};
}

export function listOption(option: string, value: readonly string[]): readonly string[] {
  if (Array.isArray(value)) return value as readonly string[];
  throw new TypeError(`${option} must be an array, got ${describeOption(value)}`);
}

/** @throws TypeError the value is no text of the pattern */
export function matchingOption(
  option: string,
  value: string | undefined,
  pattern: RegExp,
  wanted: string,
): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string' && pattern.test(value)) return value;
  throw new TypeError(`${option} must be ${wanted}, got ${describeOption(value)}`);
}
