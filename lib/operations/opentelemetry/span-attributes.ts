import type { Attributes, SpanKind, SpanOptions } from '@opentelemetry/api';
import { messageOf, stackOf } from '../../diagnostics/error-text.js';
import { UNKNOWN_CARRIER } from '../../diagnostics/request-follower.js';
import type { TracedQueue } from '../../diagnostics/tracer.js';
import { errorType } from '../metrics/error-type.js';
import { ATTR, messagingSystem, type OPERATIONS, PROCESS } from '../metrics/semantic-conventions.js';

/** Names the attributes that the conventions do not have. */
export const OWN_ATTR = {
  receiveCount: 'nestjs_sqs_thrift.receive_count',
  outcome: 'nestjs_sqs_thrift.outcome',
  reason: 'nestjs_sqs_thrift.reason',
  retryDelay: 'nestjs_sqs_thrift.retry_delay',
  calls: 'nestjs_sqs_thrift.calls',
  throttled: 'nestjs_sqs_thrift.throttled',
} as const;

/** An operation in the words of the conventions. */
interface SpanOperation {
  readonly [ATTR.operationName]: string;
  readonly [ATTR.operationType]: 'create' | 'process' | (typeof OPERATIONS)['send'][typeof ATTR.operationType];
}

export const CREATING: SpanOperation = { [ATTR.operationName]: 'create', [ATTR.operationType]: 'create' };
export const PROCESSING: SpanOperation = { [ATTR.operationName]: PROCESS, [ATTR.operationType]: PROCESS };

/** The beginning of the spans of one operation and one queue. */
interface SpanStart {
  readonly name: string;
  /**
   * Options with the attributes that samplers decide by. All spans share the object: most are not
   * recorded, and the SDK copies each attribute of each of them.
   */
  readonly options: SpanOptions;
  /** Further attributes, for a span that is recorded. */
  readonly more: Attributes;
}

/** Stands for a queue that is not open yet. */
const NO_QUEUE: TracedQueue = { name: '' };

/** Keeps the beginnings of the spans of an operation, by queue. They never change. */
export class SpanStarts {
  /** By queue, and not by name: queues of several regions and accounts may share a name. */
  private readonly starts = new WeakMap<TracedQueue, SpanStart>();

  constructor(
    private readonly operation: SpanOperation,
    private readonly kind: SpanKind,
  ) {}

  /** Returns the beginning of a span. The name has no queue before the queue is open. */
  of(queue: TracedQueue | undefined): SpanStart {
    const known = this.starts.get(queue ?? NO_QUEUE);
    if (known) return known;
    const made = this.make(queue);
    this.starts.set(queue ?? NO_QUEUE, made);
    return made;
  }

  private make(queue: TracedQueue | undefined): SpanStart {
    const { kind } = this;
    const { [ATTR.operationName]: name, [ATTR.operationType]: type } = this.operation;
    const more = { [ATTR.operationType]: type };
    if (!queue) return { name, options: { kind, attributes: { [ATTR.operationName]: name } }, more };
    const { [ATTR.system]: system, ...others } = messagingSystem(queue.carrier ?? UNKNOWN_CARRIER);
    const attributes = { [ATTR.system]: system, [ATTR.operationName]: name, [ATTR.destination]: queue.name };
    return {
      name: `${name} ${queue.name}`,
      options: { kind, attributes },
      more: { ...more, ...others, ...attributesOfUrl(queue.url) },
    };
  }
}

function attributesOfUrl(url: string | undefined): Attributes {
  if (url === undefined || !URL.canParse(url)) return {};
  const { hostname, port, protocol } = new URL(url);
  const number = Number(port) || (protocol === 'https:' ? 443 : 80);
  return { [ATTR.queueUrl]: url, [ATTR.serverAddress]: hostname, [ATTR.serverPort]: number };
}

/** Describes an error for a span. Reads the error as the log does, so that no getter of it can fail. */
export function describeError(error: unknown): {
  readonly type: string;
  readonly message: string;
  readonly stack: string | undefined;
} {
  return { type: errorType(error), message: messageOf(error), stack: stackOf(error) };
}
