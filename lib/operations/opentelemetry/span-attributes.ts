import type { Attributes } from '@opentelemetry/api';
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
export interface SpanOperation {
  readonly [ATTR.operationName]: string;
  readonly [ATTR.operationType]: 'create' | 'process' | (typeof OPERATIONS)['send'][typeof ATTR.operationType];
}

export const CREATING: SpanOperation = { [ATTR.operationName]: 'create', [ATTR.operationType]: 'create' };
export const PROCESSING: SpanOperation = { [ATTR.operationName]: PROCESS, [ATTR.operationType]: PROCESS };

/** Name and attributes with which a span of a queue begins. */
export interface SpanStart {
  readonly name: string;
  readonly attributes: Attributes;
}

/** Limits the queues whose names and attributes are kept. */
const MOST_QUEUES = 1_000;

/** Keeps the names and attributes of the spans of each queue, which never change. */
export class SpanStarts {
  private readonly starts = new Map<string, SpanStart>();

  constructor(private readonly operation: SpanOperation) {}

  /** Returns the start of a span. The name has no queue before the queue is open. */
  of(queue: TracedQueue | undefined): SpanStart {
    const name = queue?.name ?? '';
    const known = this.starts.get(name);
    if (known) return known;
    if (this.starts.size >= MOST_QUEUES) this.starts.clear();
    const made = this.make(queue);
    this.starts.set(name, made);
    return made;
  }

  private make(queue: TracedQueue | undefined): SpanStart {
    const { [ATTR.operationName]: operationName } = this.operation;
    if (!queue) return { name: operationName, attributes: { ...this.operation } };
    const attributes = { ...this.operation, ...attributesOfQueue(queue) };
    return { name: `${operationName} ${queue.name}`, attributes };
  }
}

/** Returns the attributes of a queue. */
function attributesOfQueue({ name, carrier = UNKNOWN_CARRIER, url }: TracedQueue): Attributes {
  return { ...messagingSystem(carrier), [ATTR.destination]: name, ...attributesOfUrl(url) };
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
