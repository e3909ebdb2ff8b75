import type { RequestEvent, SettledEvent, SettleFailedEvent } from '../../diagnostics/transport-event.js';
import { ATTR, messagingSystem, OPERATIONS, PROCESS } from './semantic-conventions.js';

/** Holds the attributes of one value. Their names are those of the metric's definition. */
export type MetricAttributes = Readonly<Record<string, string>>;

type Part = string | boolean | undefined;

interface Level {
  readonly below: Map<Part, Level>;
  attributes?: MetricAttributes;
}

/**
 * Returns a function that gives one frozen object for equal arguments. A sink can then cache by object
 * in place of comparing texts, which costs ten times as much. The arguments must have few values: the
 * objects stay in memory, as the time series do.
 */
function interned<Parts extends readonly Part[]>(
  create: (...parts: Parts) => Readonly<Record<string, string | undefined>>,
): (...parts: Parts) => MetricAttributes {
  const root: Level = { below: new Map() };
  return (...parts) => {
    let level = root;
    for (const part of parts) {
      let next = level.below.get(part);
      if (next === undefined) level.below.set(part, (next = { below: new Map() }));
      level = next;
    }
    return (level.attributes ??= Object.freeze(withoutUndefined(create(...parts))));
  };
}

function withoutUndefined(attributes: Readonly<Record<string, string | undefined>>): MetricAttributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined)) as MetricAttributes;
}

/** Gives the attributes of a queue, and of an error. */
export const queueAttributes = interned((queue: string, errorType?: string) => ({
  [ATTR.destination]: queue,
  [ATTR.errorType]: errorType,
}));

/** Gives the attributes of a call. */
export const callAttributes = interned((queue: string, method: string) => ({
  [ATTR.destination]: queue,
  [ATTR.method]: method,
}));

/** Gives the attributes of an emitted call. */
export const emitAttributes = interned(
  (queue: string, method: string, result: 'stored' | 'failed', error?: string) => ({
    [ATTR.destination]: queue,
    [ATTR.method]: method,
    result,
    [ATTR.errorType]: error,
  }),
);

/** Gives the attributes of the handlers of a call. */
export const processAttributes = interned(
  (queue: string, carrier: string, service: string, method: string, errorType?: string) => ({
    ...messagingSystem(carrier),
    [ATTR.operationName]: PROCESS,
    [ATTR.destination]: queue,
    [ATTR.service]: service,
    [ATTR.method]: method,
    [ATTR.errorType]: errorType,
  }),
);

/** Gives the attributes of the end of a delivery. */
export const settledAttributes = interned(
  (queue: string, outcome: SettledEvent['outcome'], reason?: string, fate?: SettledEvent['fate']) => ({
    [ATTR.destination]: queue,
    outcome,
    reason,
    fate,
  }),
);

/** Gives the attributes of a settlement that failed. */
export const settleFailedAttributes = interned(
  (queue: string, outcome: SettledEvent['outcome'], verb: SettleFailedEvent['verb'], errorType: string) => ({
    [ATTR.destination]: queue,
    outcome,
    verb,
    [ATTR.errorType]: errorType,
  }),
);

/** Gives the attributes of a failure of an idempotency store. */
export const storeFailureAttributes = interned((queue: string, verb: string, errorType: string) => ({
  [ATTR.destination]: queue,
  verb,
  [ATTR.errorType]: errorType,
}));

/** Gives the attributes of the duration of a request. */
export const operationAttributes = interned(
  (queue: string, carrier: string, verb: RequestEvent['verb'], errorType?: string) => ({
    ...messagingSystem(carrier),
    ...OPERATIONS[verb],
    [ATTR.destination]: queue,
    [ATTR.errorType]: errorType,
  }),
);

/** Gives the attributes of the messages of a request. */
export const messageAttributes = interned(
  (queue: string, carrier: string, verb: RequestEvent['verb'], errorType?: string) => ({
    ...messagingSystem(carrier),
    [ATTR.operationName]: OPERATIONS[verb][ATTR.operationName],
    [ATTR.destination]: queue,
    [ATTR.errorType]: errorType,
  }),
);

/** Gives the attributes of a request. */
export const requestAttributes = interned(
  (queue: string, verb: RequestEvent['verb'], result: string, throttled: boolean) => ({
    [ATTR.destination]: queue,
    verb,
    result,
    throttled: String(throttled),
  }),
);

/** Gives the attributes of transferred bytes. */
export const transferAttributes = interned((queue: string, direction: 'sent' | 'received') => ({
  [ATTR.destination]: queue,
  direction,
}));
