/**
 * Matches characters that a terminal may take for a command, or not show: control characters but the
 * line break, directions, separators.
 */
const INVISIBLE = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * Writes a value as JSON that is safe to print: nothing out of a queue may reach a terminal as a
 * command. The escapes are those of JSON, so it is still the same value.
 *
 * @param indent spaces of each level; default: all in one line
 */
export function jsonText(value: unknown, indent?: number): string {
  return escapeUnits(JSON.stringify(value, undefined, indent));
}

/** People are shown this many characters of one value. */
const MAX_SHOWN = 20_000;

/**
 * JSON for people: of what is long only the beginning, in one line. Indentation may be a hundred times as long as what it indents.
 *
 * @returns the text, and whether that is all
 */
export function shownJson(value: unknown, indent?: number): readonly [text: string, whole: boolean] {
  const whole = JSON.stringify(value);
  if (whole.length <= MAX_SHOWN) return [jsonText(value, indent), true];
  const more = whole.length - MAX_SHOWN;
  return [`${escapeUnits(whole.slice(0, MAX_SHOWN))}… ${count(more, 'more character')}; --json prints all`, false];
}

/** Text that is safe to print, in one line. */
export function lineText(text: string): string {
  return escapeUnits(text.replaceAll('\n', '\\n'));
}

/** Each line of an error is cut to this. */
const MAX_ERROR_LINE = 5_000;

/** Text of an error that is safe to print, in its lines. Tabs stay, for they keep a caret where it belongs. */
export function errorText(text: string): string {
  const lines = text.split('\n').map((line) => cut(line, MAX_ERROR_LINE).split('\t').map(escapeUnits).join('\t'));
  return lines.join('\n');
}

/** Text of at most so many characters: anybody may have written it. Before it is escaped, which takes its time. */
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

/** `1 message`, `2 messages`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

const UNITS: readonly (readonly [seconds: number, name: string])[] = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
];

/** `12 s`, `3 min`, `2 h`, `5 d`: in the largest unit that gives at least 1. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const [size, name] = UNITS.find(([unit]) => seconds >= unit) ?? [1, 's'];
  return `${Math.floor(seconds / size)} ${name}`;
}
