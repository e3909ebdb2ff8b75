const LONGEST = 1_000;

/** What Nest's filter makes of errors it does not know; the error itself is in Nest's log, or nowhere if it was an HttpException. */
const PLACEHOLDER = 'Internal server error';

/** The text of anything thrown, also of objects that do not want to be read: one line, cut to 1 000 characters. */
export function messageOf(error: unknown): string {
  try {
    return oneLine(textOf(error)).slice(0, LONGEST);
  } catch {
    return 'an error that cannot be read';
  }
}

/** The stack of an error, if it has one. */
export function stackOf(error: unknown): string | undefined {
  try {
    return error instanceof Error && typeof error.stack === 'string' ? error.stack : undefined;
  } catch {
    return undefined;
  }
}

function textOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.slice(0, 5).map(messageOf).join('; ');
  if (typeof error === 'string') return error;
  if (typeof error !== 'object' || error === null) return `a thrown ${error === null ? 'null' : typeof error}`;
  const { message, code, status } = error as { message?: unknown; code?: unknown; status?: unknown };
  if (message === PLACEHOLDER && !(error instanceof Error)) {
    return `${PLACEHOLDER} (Nest's placeholder; KeepErrorFilter shows the error itself)`;
  }
  if (typeof message === 'string' && message !== '') return message;
  const told = [code, status].filter((part) => typeof part === 'string' || typeof part === 'number');
  return told.length > 0 ? `a thrown object, ${told.join(' ')}` : 'a thrown object';
}

/** Control, direction and invisible characters and line separators as escapes: an error's text must not look like a line of its own. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (c) => `\\u${c.codePointAt(0)!.toString(16).padStart(4, '0')}`);
}
