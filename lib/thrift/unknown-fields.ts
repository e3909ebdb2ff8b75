import { fieldOf } from '../common/own-field.js';
import { nearestName } from '../common/nearest-name.js';
import type { StructSchema } from '../idl/schema.js';
import { ThriftWriteError, within, type WriteReason } from './errors.js';

/**
 * Decides about keys that the IDL does not declare, when writing: `error` fails the write, `ignore`
 * leaves the keys out.
 *
 * @publicApi
 */
export type UnknownFields = 'error' | 'ignore';

/** Lists the fields of a struct, for the check of unknown fields. */
export interface FieldNames {
  readonly struct: string;
  readonly kind: StructSchema['kind'];
  readonly names: ReadonlySet<string>;
}

/** Limits the names listed in an error message. */
const NAMED = 8;

/**
 * Matches keys that an error may name. Any other key may be data, such as the keys of an object
 * that was meant for a map.
 */
const NAME = /^[A-Za-z_$][\w$]{0,63}$/;

/** Lists the faults that an unknown field explains better, since a misspelt field is also missing. */
const EXPLAINED: ReadonlySet<WriteReason> = new Set(['missing-required', 'not-one-member']);

/** Lists the keys that an error object has beside the fields of its exception. */
const OF_ERRORS: ReadonlySet<string> = new Set(['name', 'message', 'stack', 'cause']);

export function fieldsOf(struct: string, kind: StructSchema['kind'], names: readonly string[]): FieldNames {
  return { struct, kind, names: new Set(names) };
}

/**
 * Rejects the own enumerable keys of a struct that the IDL does not declare. Keys with the value
 * undefined or a function are no data, and pass. Also rejects a promise of any library, which nobody
 * awaited. Emitted source calls this function only for objects whose number of keys differs from the
 * number of declared keys, and for objects of a class.
 *
 * @throws ThriftWriteError `unknown-field`, or `wrong-type` for a promise
 */
export function checkFields(writer: { unknownFields: UnknownFields }, value: object, fields: FieldNames): void {
  if (typeof (value as { readonly then?: unknown }).then === 'function') {
    throw new ThriftWriteError('wrong-type', `expected ${fields.struct} (an object), got a promise; await it`);
  }
  if (writer.unknownFields === 'ignore') return;
  const error = unknownField(value, fields);
  if (error !== undefined) throw error;
}

/**
 * Prepends the field `at` to the path of an error, as `within` does. Returns the error of an unknown
 * field instead, if an unknown field explains why a field is missing.
 */
export function writeFailure(
  error: unknown,
  at: string,
  writer: { unknownFields: UnknownFields },
  value: object,
  fields: FieldNames,
): unknown {
  const explained = error instanceof ThriftWriteError && error.path === '' && EXPLAINED.has(error.reason);
  const cause = explained && writer.unknownFields === 'error' ? unknownField(value, fields) : undefined;
  return cause ?? within(error, at);
}

function unknownField(value: object, fields: FieldNames): unknown {
  const { names, kind } = fields;
  const isKnown = (key: string): boolean => names.has(key) || (kind === 'exception' && OF_ERRORS.has(key));
  const unknown = Object.keys(value).filter((key) => !isKnown(key) && isData(value, key));
  const [first] = unknown;
  if (first === undefined) return undefined;
  const name = NAME.test(first) ? first : undefined;
  const what = kind === 'args' ? 'argument' : `field of ${fields.struct}`;
  const nearest = name === undefined ? undefined : nearestName(name, names);
  if (nearest !== undefined) return fault(`unknown ${what}; did you mean ${nearest}?`, name);
  if (kind === 'args') return fault(wrongArguments(value, names, unknown));
  return fault(`unknown ${what}, whose fields are ${listed([...names])}`, name);
}

function isData(value: object, key: string): boolean {
  const item = (value as Record<string, unknown>)[key];
  return item !== undefined && typeof item !== 'function';
}

function fault(detail: string, name = ''): unknown {
  return within(new ThriftWriteError('unknown-field', detail), name);
}

/** Explains arguments without a resemblance to the declared arguments, such as a forgotten wrapper. */
function wrongArguments(value: object, names: ReadonlySet<string>, unknown: readonly string[]): string {
  const missing = missingArguments(value, names);
  return `${missing ?? `the method takes ${signature(names)}`}; got ${keysText(unknown)}`;
}

/**
 * Explains which of the wanted arguments are not set: `the method takes { order }, and the argument
 * order is missing`. Undefined if all are set.
 *
 * @param names lists all arguments of the method
 */
export function missingArguments(
  value: object,
  names: Iterable<string>,
  wanted: Iterable<string> = names,
): string | undefined {
  const missing = [...wanted].filter((name) => (fieldOf(value, name) ?? undefined) === undefined);
  if (missing.length === 0) return undefined;
  const subject = missing.length === 1 ? 'the argument' : 'the arguments';
  return `the method takes ${signature(names)}, and ${subject} ${listed(missing)} ${missing.length === 1 ? 'is' : 'are'} missing`;
}

function signature(names: Iterable<string>): string {
  const all = [...names];
  return all.length === 0 ? 'no arguments' : `{ ${listed(all)} }`;
}

/** Describes the keys of an object: `the keys id, items`. */
export function keysText(keys: readonly string[]): string {
  if (keys.length === 0) return 'no keys';
  if (keys.length === 1) return NAME.test(keys[0]!) ? `the key ${keys[0]}` : 'a key that is no name';
  return keys.some((key) => NAME.test(key)) ? `the keys ${listed(keys)}` : `${keys.length} keys that are no names`;
}

/** Lists the first keys that an error may name, and counts all others. */
function listed(keys: readonly string[]): string {
  const named = keys.filter((key) => NAME.test(key)).slice(0, NAMED);
  const others = keys.length - named.length;
  return others === 0 ? named.join(', ') || 'none' : `${named.join(', ')} and ${others} more`;
}
