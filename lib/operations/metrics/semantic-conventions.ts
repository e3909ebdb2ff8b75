import type { RequestEvent } from '../../diagnostics/transport-event.js';

/**
 * Names the attributes of metrics and spans. The strings are copied from the semantic conventions of
 * OpenTelemetry 1.45. Their package may break in minor versions, and has 10 MB.
 */
export const ATTR = {
  system: 'messaging.system',
  systemName: 'messaging.system.name',
  operationName: 'messaging.operation.name',
  operationType: 'messaging.operation.type',
  destination: 'messaging.destination.name',
  batchCount: 'messaging.batch.message_count',
  messageId: 'messaging.message.id',
  bodySize: 'messaging.message.body.size',
  envelopeSize: 'messaging.message.envelope.size',
  clientId: 'messaging.client.id',
  queueUrl: 'aws.sqs.queue.url',
  requestId: 'aws.request_id',
  serverAddress: 'server.address',
  serverPort: 'server.port',
  errorType: 'error.type',
  service: 'thrift.service',
  method: 'thrift.method',
} as const;

/** Stands for all values over the limit of an attribute, and for values that cannot be read. */
export const OTHER = '_OTHER';

/** Gives the buckets that the conventions advise for durations, in seconds. */
export const DURATION_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] as const;

/** Holds the two spellings of a messaging system. */
export interface MessagingSystem {
  readonly [ATTR.system]: string;
  readonly [ATTR.systemName]: string;
}

function systemOf(underscored: string): MessagingSystem {
  return Object.freeze({ [ATTR.system]: underscored, [ATTR.systemName]: underscored.replace('_', '.') });
}

/** Lists systems by carrier. The conventions have values for SQS and SNS. */
const SYSTEMS = new Map<string, MessagingSystem>([
  ['sqs', systemOf('aws_sqs')],
  // Both spellings of SNS are the same in the conventions.
  ['sns', Object.freeze({ [ATTR.system]: 'aws.sns', [ATTR.systemName]: 'aws.sns' })],
  ['starling', systemOf('starling')],
]);

/**
 * Returns the messaging system of a carrier in both spellings. Version 1.45 of the conventions renames
 * `messaging.system` to `messaging.system.name`. Backends follow later, so both are written. Other
 * carriers get values of their own, such as `thrift_socket`, as the conventions allow.
 */
export function messagingSystem(carrier: string): MessagingSystem {
  return SYSTEMS.get(carrier) ?? systemOf(`thrift_${carrier}`);
}

/** Holds the operation of a request in the words of the conventions. */
export interface MessagingOperation {
  readonly [ATTR.operationName]: string;
  readonly [ATTR.operationType]: 'send' | 'receive' | 'settle';
}

function operation(name: string, type: MessagingOperation[typeof ATTR.operationType]): MessagingOperation {
  return Object.freeze({ [ATTR.operationName]: name, [ATTR.operationType]: type });
}

/** Maps the verbs of the queue port to operations. */
export const OPERATIONS: Readonly<Record<RequestEvent['verb'], MessagingOperation>> = {
  send: operation('send', 'send'),
  receive: operation('receive', 'receive'),
  acknowledge: operation('ack', 'settle'),
  discard: operation('discard', 'settle'),
  release: operation('release', 'settle'),
  extend: operation('extend', 'settle'),
};

/** Names the operation of a handler. */
export const PROCESS = 'process';
