import { types } from 'node:util';
import { nearestName } from './nearest-name.js';
import { printable } from './printable.js';

/**
 * Lists every name of an options type, so that a missing or an extra name does not compile:
 * `const NAMES = { port: true } satisfies OptionNames<Options>`.
 */
export type OptionNames<Options> = Readonly<Record<keyof Options, true>>;

/** Maps names of other libraries to the options that do the same here. The first that exists counts. */
const OTHER_WORDS = new Map<string, readonly string[]>([
  ['accesskeyid', ['credentials']],
  ['batchsize', ['concurrency', 'maxInFlight']],
  ['classify', ['classifyError']],
  ['deadletterqueueurl', ['deadLetterQueue']],
  ['dlq', ['deadLetterQueue']],
  ['dlqurl', ['deadLetterQueue']],
  ['giveupafterms', ['deliveryTimeoutMs']],
  ['headers', ['attributes']],
  ['maxmessages', ['concurrency']],
  ['maxnumberofmessages', ['concurrency']],
  ['maxretries', ['retry', 'maxAttempts']],
  ['messageattributes', ['attributes']],
  ['messagededuplicationid', ['deduplicationId']],
  ['messagegroupid', ['groupId']],
  ['poison', ['poisonPolicy']],
  ['pollingwaittimems', ['waitTimeSeconds']],
  ['prefetch', ['concurrency']],
  ['prefetchcount', ['concurrency']],
  ['queuename', ['queue']],
  ['queues', ['queueNames']],
  ['queueurl', ['queue']],
  ['secretaccesskey', ['credentials']],
  ['shutdowntimeout', ['drainTimeoutMs']],
  ['sns', ['topicClient', 'client']],
  ['sqs', ['client']],
  ['sqsclient', ['client']],
  ['topicarn', ['topic']],
  ['unknownkeys', ['unknownFields']],
  ['url', ['queue']],
]);

/** Shortest beginning of an option that suggests the option. */
const SHORTEST_BEGINNING = 3;
/** Shortest option that a longer name suggests. */
const SHORTEST_OPTION = 4;

/**
 * Explains the first fault of an options object: a value that is no object, or a name that the
 * table does not list. Returns undefined without a fault.
 *
 * @param within name of the option that holds the object; empty for the outermost object
 */
export function optionFault(options: unknown, names: Readonly<Record<string, true>>, within = ''): string | undefined {
  if (typeof options !== 'object' || options === null || isNoOptions(options)) {
    return `${within === '' ? 'the options' : within} must be an object, got ${describeOption(options)}`;
  }
  const known = Object.keys(names);
  const unknown = namesIn(options).find((name) => !known.includes(name));
  if (unknown === undefined) return undefined;
  const path = within === '' ? '' : `${within}.`;
  const meant = suggestion(unknown, known);
  const advice = meant === undefined ? `the options are ${known.join(', ')}` : `did you mean ${path}${meant}?`;
  return `unknown option ${path}${quoted(unknown)}; ${advice}`;
}

/**
 * Checks the names of an options object and returns the object.
 *
 * @param subject names the class or function in the error
 * @throws TypeError a name is unknown; the text suggests the closest name
 */
export function checkOptionNames<Options>(
  subject: string,
  options: Options,
  names: OptionNames<Options>,
  within = '',
): Options {
  const fault = optionFault(options, names, within);
  if (fault !== undefined) throw new TypeError(subject === '' ? fault : `${subject}: ${fault}`);
  return options;
}

/**
 * Copies the options that a table lists, for a function that refuses any other option. Reads
 * inherited options and getters of a class as well.
 */
export function pickOptions<Options extends object, Name extends keyof Options>(
  options: Options,
  names: Readonly<Record<Name, true>>,
): Pick<Options, Name> {
  const picked = (Object.keys(names) as Name[]).map((name) => [name, options[name]] as const);
  return Object.fromEntries(picked.filter(([, value]) => value !== undefined)) as Pick<Options, Name>;
}

/** True for an object that can hold no options: a collection, or a promise that nobody awaited. */
function isNoOptions(value: object): boolean {
  return Symbol.iterator in value || 'then' in value;
}

/**
 * Lists the names that an object sets, inherited names and getters of its class included. Leaves out
 * the methods of the class, and what every object inherits.
 */
function namesIn(options: object): readonly string[] {
  const names = Object.keys(options);
  for (let at = parentOf(options); at !== null && parentOf(at) !== null; at = parentOf(at)) {
    for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
      const isGetter = descriptor.get !== undefined;
      if (isGetter || (descriptor.enumerable && typeof descriptor.value !== 'function')) names.push(name);
    }
  }
  return names;
}

function parentOf(value: object): object | null {
  return Object.getPrototypeOf(value) as object | null;
}

/** Describes the value of an option for an error message: `the text "10"`, `null`, `an array`. */
export function describeOption(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return `the text ${printable(value, 32)}`;
    case 'bigint':
      return `the bigint ${value}`;
    case 'boolean':
      return `the boolean ${value}`;
    case 'number':
    case 'undefined':
      return String(value);
    case 'object':
      return value === null ? 'null' : describeObject(value);
    default:
      return `a ${typeof value}`;
  }
}

function describeObject(value: object): string {
  if (Array.isArray(value)) return 'an array';
  if (types.isPromise(value)) return 'a promise; await it';
  if (types.isMap(value)) return 'a Map';
  return types.isSet(value) ? 'a Set' : 'an object';
}

function suggestion(unknown: string, known: readonly string[]): string | undefined {
  const wanted = unknown.toLowerCase();
  const same = OTHER_WORDS.get(wanted)?.find((name) => known.includes(name));
  return same ?? nearestName(unknown, known) ?? known.find((name) => begins(name.toLowerCase(), wanted));
}

function begins(name: string, wanted: string): boolean {
  if (wanted.length < name.length) return wanted.length >= SHORTEST_BEGINNING && name.startsWith(wanted);
  return name.length >= SHORTEST_OPTION && wanted.startsWith(name);
}

/** Shows a name as it is, or escaped and cut if it is no identifier. */
function quoted(name: string): string {
  return /^[\w$]{1,64}$/.test(name) ? name : printable(name, 64);
}
