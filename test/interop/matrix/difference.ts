import { isObject, type Plain } from './plain.js';

/** Where two values differ. */
export interface Difference {
  readonly path: string;
  readonly expected: string;
  readonly actual: string;
}

const LONGEST = 120;

/** All differences of two values in order, field by field and element by element. */
export function differences(expected: Plain | undefined, actual: Plain | undefined, path = ''): readonly Difference[] {
  if (JSON.stringify(expected) === JSON.stringify(actual)) return [];
  if (isObject(expected) && isObject(actual)) {
    const names = new Set([...Object.keys(expected), ...Object.keys(actual)]);
    return [...names].flatMap((name) =>
      differences(expected[name], actual[name], path === '' ? name : `${path}.${name}`),
    );
  }
  if (Array.isArray(expected) && Array.isArray(actual) && expected.length === actual.length) {
    return expected.flatMap((item: Plain, i) => differences(item, actual[i] as Plain, `${path}[${i}]`));
  }
  return [{ path, expected: show(expected), actual: show(actual) }];
}

/** A value as people read it, cut where it is long. */
export function show(value: Plain | undefined): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}… (${text.length} characters)` : text;
}
