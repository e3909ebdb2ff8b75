import type { Annotations, FieldSchema, FunctionSchema, Routing, StructSchema } from './schema.js';

/** Marks the annotations of this library. Only the keys in {@link ROUTING_KEYS} are valid. */
export const ROUTING_PREFIX = 'sqs.';

/** Lists the annotations that route the calls of a service or function. */
export const ROUTING_KEYS = ['sqs.queue', 'sqs.group', 'sqs.dedup', 'sqs.delay'] as const;

export type RoutingKey = (typeof ROUTING_KEYS)[number];

/**
 * Collects the routing annotations of a function as written.
 *
 * @param nearest the annotations of the function, of the service it is called through, and of the
 *   services it extends, in this order. The first value of each key wins.
 */
export function routingAnnotations(nearest: readonly Annotations[]): Readonly<Partial<Record<RoutingKey, string>>> {
  const found = ROUTING_KEYS.map((key) => [key, nearest.find((annotations) => Object.hasOwn(annotations, key))?.[key]]);
  return Object.fromEntries(found.filter(([, value]) => value !== undefined)) as Partial<Record<RoutingKey, string>>;
}

/**
 * Converts the routing annotations of a function to routing. Skips a path that does not resolve;
 * loading an IDL rejects such a path.
 */
export function routingOf(
  structs: ReadonlyMap<string, StructSchema>,
  fn: FunctionSchema,
  nearest: readonly Annotations[],
): Routing {
  const written = routingAnnotations(nearest);
  const { 'sqs.queue': queue, 'sqs.group': group, 'sqs.dedup': dedup, 'sqs.delay': delay } = written;
  const fieldsAlong = (path: string): readonly FieldSchema[] | undefined => {
    const found = followPath(structs, fn.args, path);
    return 'part' in found ? undefined : found;
  };
  const groupId = group === undefined ? undefined : fieldsAlong(group);
  const deduplicationId = dedup === undefined ? undefined : fieldsAlong(dedup);
  return {
    ...(queue !== undefined && { queue }),
    ...(groupId !== undefined && { groupId }),
    ...(deduplicationId !== undefined && { deduplicationId }),
    ...(delay !== undefined && { delaySeconds: Number(delay) }),
  };
}

/** True if the queue is a FIFO queue. SQS reserves the suffix `.fifo` for names of FIFO queues. */
export function isFifo(queue: string): boolean {
  return queue.endsWith('.fifo');
}

/** Describes a path that does not resolve: its invalid part, and the names that are valid there. */
export interface LostPath {
  readonly part: string;
  /** The struct or parameter list that does not contain `part`. */
  readonly owner: string;
  readonly names: readonly string[];
}

/**
 * Resolves `parameter.field.field` to its fields, starting from a function's parameters.
 *
 * @param structs by id
 */
export function followPath(
  structs: ReadonlyMap<string, StructSchema>,
  args: StructSchema,
  path: string,
): readonly FieldSchema[] | LostPath {
  const fields: FieldSchema[] = [];
  let struct: StructSchema | undefined = args;
  for (const part of path.split('.')) {
    const field: FieldSchema | undefined = struct?.fields.find(({ name }) => name === part);
    if (field === undefined) {
      const owner = struct === args ? 'the parameters' : (struct?.name ?? fields.at(-1)!.name);
      return { part, owner, names: struct?.fields.map(({ name }) => name) ?? [] };
    }
    fields.push(field);
    struct = field.type.kind === 'struct' ? structs.get(field.type.id) : undefined;
  }
  return fields;
}
