/**
 * Matches characters that a terminal may run as a command or not show: control characters except
 * the line break, directions, separators.
 */
const INVISIBLE = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * Converts a value to JSON that is safe to print, so that no message can send a command to a
 * terminal. JSON escapes keep the value the same.
 *
 * @param indent spaces per level; default: one line
 */
export function jsonText(value: unknown, indent?: number): string {
  return escapeUnits(JSON.stringify(value, undefined, indent));
}

/** Limits the characters of one value that people see. */
const MAX_SHOWN = 20_000;

/**
 * Converts a value to JSON for people. Shows only the beginning of a long value, in one line,
 * because indentation can make it a hundred times as long.
 *
 * @returns the text, and true if the text is complete
 */
export function shownJson(value: unknown, indent?: number): readonly [text: string, whole: boolean] {
  const whole = JSON.stringify(value);
  if (whole.length <= MAX_SHOWN) return [jsonText(value, indent), true];
  const more = whole.length - MAX_SHOWN;
  return [`${escapeUnits(whole.slice(0, MAX_SHOWN))}… ${count(more, 'more character')}; --json prints all`, false];
}

/** Makes text safe to print in one line. */
export function lineText(text: string): string {
  return escapeUnits(text.replaceAll('\n', '\\n'));
}

/** Limits the length of each line of an error. */
const MAX_ERROR_LINE = 5_000;

/**
 * Makes the text of an error safe to print, line by line. Keeps tabs, so that a caret stays under
 * its column.
 */
export function errorText(text: string): string {
  const lines = text.split('\n').map((line) => cut(line, MAX_ERROR_LINE).split('\t').map(escapeUnits).join('\t'));
  return lines.join('\n');
}

/** Cuts a text, because any sender can write it. Cut before escaping, which takes time. */
export function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

function escapeUnits(text: string): string {
  return text.replace(INVISIBLE, (found) =>
    Array.from({ length: found.length }, (_, at) => `\\u${found.charCodeAt(at).toString(16).padStart(4, '0')}`).join(
      '',
    ),
  );
}

/** Formats a count: `1 message`, `2 messages`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

const UNITS: readonly (readonly [seconds: number, name: string])[] = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
];

/** Formats a duration in the largest unit that gives at least 1: `12 s`, `3 min`, `2 h`, `5 d`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const [size, name] = UNITS.find(([unit]) => seconds >= unit) ?? [1, 's'];
  return `${Math.floor(seconds / size)} ${name}`;
}
