const LONGEST = 1_000;

/** Node's own limit is ten unless a program raises it. */
const MOST_FRAMES = 50;

/**
 * The message that Nest's filter gives to errors it does not know. The error itself is in Nest's log,
 * or nowhere if it was an HttpException.
 */
const PLACEHOLDER = 'Internal server error';

/**
 * Gives the text of anything thrown in one line, cut to 1 000 characters. Never throws, not even for
 * objects whose getters do.
 */
export function messageOf(error: unknown): string {
  try {
    return oneLine(textOf(error)).slice(0, LONGEST);
  } catch {
    return 'an error that cannot be read';
  }
}

/**
 * Gives the stack of an error, if it has one: its name and message in one line, and its frames. A stack
 * repeats the message, which may have lines that look like frames.
 */
export function stackOf(error: unknown): string | undefined {
  try {
    if (!(error instanceof Error) || typeof error.stack !== 'string') return undefined;
    const { stack } = error;
    const message = String(error.message);
    const at = stack.indexOf(message);
    // A message that was changed later is not in the stack: then nothing but its first line is sure not to be a frame.
    const end = at < 0 ? 0 : at + message.length;
    const [rest = '', ...lines] = stack.slice(end).split('\n');
    const frames = lines.filter((line) => /^ +at /.test(line)).slice(0, MOST_FRAMES);
    return [stack.slice(0, end) + rest, ...frames].map((line) => oneLine(line).slice(0, LONGEST)).join('\n');
  } catch {
    return undefined;
  }
}

function textOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.slice(0, 5).map(messageOf).join('; ');
  if (typeof error === 'string') return error;
  if (error === null) return 'a thrown null';
  return typeof error === 'object' ? textOfObject(error) : `a thrown ${typeof error}`;
}

function textOfObject(error: object): string {
  const { message, code, status } = error as { message?: unknown; code?: unknown; status?: unknown };
  if (message === PLACEHOLDER && !(error instanceof Error)) {
    return `${PLACEHOLDER} (Nest's placeholder; RethrowErrorFilter shows the error itself)`;
  }
  if (typeof message === 'string' && message !== '') return message;
  const told = [code, status].filter((part) => typeof part === 'string' || typeof part === 'number');
  return told.length > 0 ? `a thrown object, ${told.join(' ')}` : 'a thrown object';
}

/** Control, direction and invisible characters and line separators as escapes: an error's text must not look like a line of its own. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (c) => `\\u${c.codePointAt(0)!.toString(16).padStart(4, '0')}`);
}
