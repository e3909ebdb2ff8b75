import type { AnnotationPlaces, FunctionNode } from './ast.js';
import { errorHere } from './resolver.js';
import type { IdlError } from './errors.js';
import type { DeclaredService } from './program.js';
import { followPath, isFifo, ROUTING_KEYS, ROUTING_PREFIX, routingAnnotations, type RoutingKey } from './routing.js';
import type { Annotations, BaseTypeName, FunctionSchema, Schema, ServiceSchema } from './schema.js';
import { didYouMean } from '../common/nearest-name.js';

/** Matches valid queue names (Amazon SQS API reference, CreateQueue). */
const QUEUE_NAME = /^[A-Za-z0-9_-]{1,80}$|^[A-Za-z0-9_-]{1,75}\.fifo$/;

/** Matches 0 to 900 seconds (Amazon SQS API reference, SendMessage). */
const DELAY = /^(?:[0-9]|[1-9][0-9]|[1-8][0-9][0-9]|900)$/;

/** Lists the types that can form an id. Their text is the same in every language. */
const ID_TYPES: ReadonlySet<string> = new Set<BaseTypeName | 'enum'>([
  'string',
  'uuid',
  'i8',
  'i16',
  'i32',
  'i64',
  'enum',
]);

/**
 * Checks the `sqs.` annotations of a service and its functions, including inherited functions. All
 * types must be resolved.
 *
 * @param chain the service, then the services it extends
 * @throws IdlError `bad-annotation`
 */
export function checkRouting(schema: Pick<Schema, 'structs' | 'services'>, chain: readonly DeclaredService[]): void {
  const [declared] = chain;
  if (declared === undefined) return;
  const { node } = declared;
  checkOwn(declared, node.places, node.annotations);
  for (const fn of node.functions) checkOwnOfFunction(declared, fn);
  const services = chain.map(({ id }) => schema.services.get(id)!);
  for (const [at, service] of services.entries()) {
    for (const fn of service.functions.values()) {
      if (fn.oneway) checkFunction(schema, { declared, services, fn, own: at === 0 });
    }
  }
}

/** Checks each annotation on its own, without looking at other annotations. */
function checkOwn(declared: DeclaredService, places: AnnotationPlaces, annotations: Annotations): void {
  for (const [key, { at, valueAt }] of places) {
    if (!key.startsWith(ROUTING_PREFIX)) continue;
    if (!isKey(key)) {
      const known = `known are ${ROUTING_KEYS.join(', ')}`;
      throw bad(declared, at, `unknown annotation "${key}"${didYouMean(key, ROUTING_KEYS)} (${known})`);
    }
    const value = annotations[key] ?? '';
    if (key === 'sqs.queue' && !QUEUE_NAME.test(value)) {
      throw bad(
        declared,
        valueAt,
        `${JSON.stringify(value)} cannot be the name of a queue: 1 to 80 letters, digits, "-" and "_", and ".fifo" at the end of a FIFO queue's. ` +
          'a URL or ARN belongs to one environment: map this name to it with the client option queueNames',
      );
    }
    if (key === 'sqs.delay' && !DELAY.test(value)) {
      throw bad(declared, valueAt, `${JSON.stringify(value)} cannot be a delay: 0 to 900 whole seconds`);
    }
  }
}

function checkOwnOfFunction(declared: DeclaredService, fn: FunctionNode): void {
  checkOwn(declared, fn.places, fn.annotations);
  if (fn.oneway) return;
  for (const [key, { at }] of fn.places) {
    if (!key.startsWith(ROUTING_PREFIX)) continue;
    throw bad(
      declared,
      at,
      `"${key}" has no effect here: "${fn.name.text}" is not oneway, so its calls are never queued`,
    );
  }
}

interface Checked {
  readonly declared: DeclaredService;
  readonly services: readonly ServiceSchema[];
  readonly fn: FunctionSchema;
  /** True if the service declares the function itself. */
  readonly own: boolean;
}

/**
 * Checks that a function's annotations are consistent after the service's annotations are applied.
 */
function checkFunction(schema: Pick<Schema, 'structs'>, checked: Checked): void {
  const { services, fn } = checked;
  const written = routingAnnotations([fn.annotations, ...services.map(({ annotations }) => annotations)]);
  const { 'sqs.queue': queue, 'sqs.group': group, 'sqs.dedup': dedup, 'sqs.delay': delay } = written;
  const fail = (key: RoutingKey, message: string): IdlError => bad(checked.declared, placeOf(checked, key), message);
  if (group !== undefined) checkPath(schema, checked, 'sqs.group', group);
  if (dedup !== undefined) checkPath(schema, checked, 'sqs.dedup', dedup);
  if (queue === undefined) return;
  if (!isFifo(queue)) {
    if (dedup === undefined) return;
    throw fail('sqs.dedup', `"${queue}" is a standard queue, which stores every message: only FIFO queues deduplicate`);
  }
  if (group === undefined) {
    const parameters = fn.args.fields.map(({ name }) => name).join(', ') || 'none';
    const how = `name the parameter that groups "${fn.name}", as in sqs.group = "request.userId" (parameters: ${parameters})`;
    throw fail('sqs.queue', `"${queue}" is a FIFO queue, so every call needs a message group: ${how}`);
  }
  if (delay !== undefined) {
    throw fail('sqs.delay', `"${queue}" is a FIFO queue, which takes a delay only for the whole queue, not for a call`);
  }
}

function checkPath(schema: Pick<Schema, 'structs'>, checked: Checked, key: RoutingKey, path: string): void {
  const { fn, declared } = checked;
  const found = followPath(schema.structs, fn.args, path);
  const fail = (message: string): IdlError =>
    bad(declared, placeOf(checked, key), `${key} of "${fn.name}": ${message}`);
  if ('part' in found) {
    const { part, owner, names } = found;
    const there = names.length === 0 ? `${owner} has no fields` : `there are ${names.join(', ')}`;
    throw fail(`there is no ${JSON.stringify(part)} in ${owner}${didYouMean(part, names)} (${there})`);
  }
  const { kind } = found.at(-1)!.type;
  if (ID_TYPES.has(kind)) return;
  throw fail(`"${path}" is a ${kind}, and an id must be one of ${[...ID_TYPES].join(', ')}`);
}

/**
 * Finds the offset of a key: at the function, else at the service. Falls back to the name of the
 * function, or of the service for an inherited function.
 */
function placeOf({ declared, fn, own }: Checked, key: RoutingKey): number {
  const { node } = declared;
  const written = own ? node.functions.find(({ name }) => name.text === fn.name) : undefined;
  return (written?.places.get(key) ?? node.places.get(key))?.valueAt ?? (written ?? node).name.at;
}

function isKey(key: string): key is RoutingKey {
  return (ROUTING_KEYS as readonly string[]).includes(key);
}

function bad({ program }: DeclaredService, at: number, message: string): IdlError {
  return errorHere({ program }, at, 'bad-annotation', message);
}
