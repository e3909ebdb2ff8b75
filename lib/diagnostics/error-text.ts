const LONGEST = 1_000;

/**
 * Limits the frames of a logged stack. Node keeps ten frames unless a program raises
 * `Error.stackTraceLimit`.
 */
const MOST_FRAMES = 50;
/** Limits the characters behind the message that are searched for frames. */
const MOST_STACK = 50_000;
/** Limits how deep errors inside of errors are read. */
const DEEPEST = 3;
const UNREADABLE = 'an error that cannot be read';

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
    return oneLine(textOf(error));
  } catch {
    return UNREADABLE;
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
    const [rest = '', ...lines] = stack.slice(end, end + MOST_STACK).split('\n');
    const frames = lines.filter((line) => /^ +at /.test(line)).slice(0, MOST_FRAMES);
    return [stack.slice(0, Math.min(end, LONGEST)) + rest, ...frames].map(oneLine).join('\n');
  } catch {
    return undefined;
  }
}

/** Returns the text of an error. Errors inside it are read as far as `depth` says. */
function textOf(error: unknown, depth = 0): string {
  if (error instanceof AggregateError) return textOfAll(error.errors, depth);
  if (typeof error === 'string') return error;
  if (error === null) return 'a thrown null';
  return typeof error === 'object' ? textOfObject(error) : `a thrown ${typeof error}`;
}

/** Joins the texts of errors, which may contain each other, until the text is long enough. */
function textOfAll(errors: readonly unknown[], depth: number): string {
  if (depth >= DEEPEST) return 'further errors';
  let text = '';
  for (const error of errors.slice(0, 5)) {
    if (text.length > LONGEST) break;
    text += (text === '' ? '' : '; ') + readable(error, depth + 1).slice(0, LONGEST);
  }
  return text;
}

function readable(error: unknown, depth: number): string {
  try {
    return textOf(error, depth);
  } catch {
    return UNREADABLE;
  }
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
 * Cuts a text and escapes control, direction and invisible characters and line separators. An error's
 * text must not look like a log line of its own. Cuts first: a sender may make the text long, and
 * escapes make it longer.
 */
function oneLine(text: string): string {
  return text
    .slice(0, LONGEST)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (c) => `\\u${c.codePointAt(0)!.toString(16).padStart(4, '0')}`)
    .slice(0, LONGEST);
}
