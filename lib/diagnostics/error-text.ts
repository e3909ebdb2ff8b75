const LONGEST = 1_000;

/**
 * Limits the frames of a logged stack. Node keeps ten frames unless a program raises
 * `Error.stackTraceLimit`.
 */
const MOST_FRAMES = 50;

/**
 * Names the message with which Nest's filter replaces unknown errors. Nest logs the error itself,
 * except an HttpException, which no log has.
 */
const PLACEHOLDER = 'Internal server error';

/**
 * Returns the text of any thrown value in one line, cut to 1 000 characters. Never throws, even if
 * a getter of the value throws.
 */
export function messageOf(error: unknown): string {
  try {
    return oneLine(textOf(error)).slice(0, LONGEST);
  } catch {
    return 'an error that cannot be read';
  }
}

/**
 * Returns the stack of an error, or undefined without one. The name and message take one line; the
 * frames follow. A stack repeats the message, whose lines may look like frames.
 */
export function stackOf(error: unknown): string | undefined {
  try {
    if (!(error instanceof Error) || typeof error.stack !== 'string') return undefined;
    const { stack } = error;
    const message = String(error.message);
    const at = stack.indexOf(message);
    // A message that was changed later is not in the stack. Then only the first line is surely not
    // a frame.
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

/**
 * Escapes control, direction and invisible characters and line separators. An error's text must not
 * look like a log line of its own.
 */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (c) => `\\u${c.codePointAt(0)!.toString(16).padStart(4, '0')}`);
}
