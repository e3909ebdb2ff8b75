import { ThriftTransportError } from '../../common/transport-error.js';
import { OTHER } from './semantic-conventions.js';

/** Matches class names and codes. A text with blanks is a message, which has too many values. */
const NAME = /^[A-Za-z_$][\w$.:-]{0,63}$/;

/** Limits the errors of a body that are compared. A body holds at most thousands of calls. */
const MOST_COMPARED = 100;

/**
 * Returns the value of `error.type`: the stable code of an error of this package, or else the name of
 * the class. Errors of Node without a class of their own give their code, such as `ECONNRESET`. Never
 * throws, even if a getter of the value throws.
 */
export function errorType(error: unknown): string {
  try {
    return typeOf(error);
  } catch {
    return OTHER;
  }
}

function typeOf(error: unknown): string {
  if (error === null) return 'null';
  return typeof error === 'object' ? typeOfObject(error) : typeof error;
}

function typeOfObject(error: object): string {
  const { name, code, errors, constructor } = error as Readonly<Record<'name' | 'code' | 'errors', unknown>> & object;
  if (error instanceof ThriftTransportError) return commonType(errors) ?? nameIn(code) ?? OTHER;
  const names = [name, (constructor as { readonly name?: unknown } | undefined)?.name];
  const telling = names.filter((each) => each !== 'Error' && each !== 'Object');
  const found = [...telling, code].map(nameIn).find((each) => each !== undefined);
  return found ?? (error instanceof Error && telling.length === 0 ? 'Error' : OTHER);
}

/** Returns the type that all errors of several failed handlers or calls share. */
function commonType(errors: unknown): string | undefined {
  if (!Array.isArray(errors) || errors.length === 0) return undefined;
  const types = new Set(errors.slice(0, MOST_COMPARED).map(errorType));
  return types.size === 1 ? [...types][0] : undefined;
}

function nameIn(value: unknown): string | undefined {
  return typeof value === 'string' && NAME.test(value) ? value : undefined;
}

/** Passes on values of an attribute, up to a limit of distinct values. */
export type ValueLimit = (value: string) => string;

/**
 * Returns a function that passes on the first `max` distinct values and replaces all others by
 * `_OTHER`. Each value is a time series in memory and in the backend. A sender who can make a handler
 * throw errors of many names must not create series without end.
 */
export function limitValues(max: number): ValueLimit {
  const known = new Set<string>();
  return (value) => {
    if (known.has(value)) return value;
    if (known.size >= max) return OTHER;
    known.add(value);
    return value;
  };
}
