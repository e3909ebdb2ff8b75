import type { Annotations, FieldSchema, FunctionSchema, Routing, StructSchema } from './schema.js';

/** Annotations of this prefix are ours, and only those of {@link ROUTING_KEYS} mean something. */
export const ROUTING_PREFIX = 'sqs.';

/** What a service or function can say of where and how calls go. */
export const ROUTING_KEYS = ['sqs.queue', 'sqs.group', 'sqs.dedup', 'sqs.delay'] as const;

export type RoutingKey = (typeof ROUTING_KEYS)[number];

/**
 * What annotations say of a function's calls, as it is written.
 *
 * @param nearest the annotations of the function, of the service it is called through, and of those that one extends, in this order:
 * of each key the first counts
 */
export function routingAnnotations(nearest: readonly Annotations[]): Readonly<Partial<Record<RoutingKey, string>>> {
  const found = ROUTING_KEYS.map((key) => [key, nearest.find((annotations) => Object.hasOwn(annotations, key))?.[key]]);
  return Object.fromEntries(found.filter(([, value]) => value !== undefined)) as Partial<Record<RoutingKey, string>>;
}

/** The same, as it is meant. Nothing for a path that leads nowhere, which loading an IDL does not let through. */
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

/** Whether a queue of this name is a FIFO queue (SQS: the name ends so, and no other's does). */
export function isFifo(queue: string): boolean {
  return queue.endsWith('.fifo');
}

/** A path that leads nowhere: the part of it that is wrong, and the names that would not be. */
export interface LostPath {
  readonly part: string;
  /** What `part` was looked for in. */
  readonly owner: string;
  readonly names: readonly string[];
}

/**
 * The fields along `parameter.field.field`, from a function's parameters on.
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
