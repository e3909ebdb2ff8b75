import type {
  Message,
  MessageAttributeValue,
  SendMessageBatchRequestEntry,
  SendMessageBatchResultEntry,
} from '@aws-sdk/client-sqs';
import { QueueError } from '../../queue/queue-error.js';
import type { WireMessage } from '../../queue/wire-message.js';
import type { SendResult } from '../../queue/queue.js';
import { describeLocation, type QueueLocation } from './queue-location.js';
import { readableAttributes, textOf } from './received-message.js';
import { answeredId, LONGEST_MESSAGE_ID } from './answered-id.js';
import type { AnsweredEntry } from './entry-results.js';
import { entryWithoutAnswer, type ErrorContext } from './to-queue-error.js';
import { type DigestedEntry, isStoredOtherwise } from './digests.js';
import type { WireRequest } from './exchange.js';

/**
 * Builds an entry of SendMessageBatch. Returns an error for a message with a missing part: SQS would
 * refuse the whole batch.
 *
 * @param ordered true for a FIFO queue, which needs a group
 */
export function toSendEntry(
  message: WireMessage,
  id: string,
  location: QueueLocation,
  ordered = false,
): SendMessageBatchRequestEntry | QueueError {
  const { body, attributes, numbers, groupId, deduplicationId, delaySeconds, original } = message;
  const error = missingPart(message, location, ordered);
  if (error !== undefined) return error;
  const copied = (original?.raw ?? {}) as Message;
  const typed = toMessageAttributes(attributes ?? {}, numbers, readableAttributes(copied));
  return {
    Id: id,
    MessageBody: body as string,
    ...(typed !== undefined && { MessageAttributes: typed }),
    ...(groupId !== undefined && { MessageGroupId: groupId }),
    ...(deduplicationId !== undefined && { MessageDeduplicationId: deduplicationId }),
    ...(delaySeconds !== undefined && { DelaySeconds: delaySeconds }),
    ...toSystemAttributes(message),
  };
}

function missingPart(
  { body, groupId }: WireMessage,
  location: QueueLocation,
  ordered: boolean,
): QueueError | undefined {
  if (typeof body !== 'string') return invalid(location, 'accepts only text. Encode the bytes, for example as base64');
  if (body === '') return invalid(location, 'accepts no empty message. Give the message a body');
  if (!ordered || groupId !== undefined) return undefined;
  return invalid(location, 'accepts no message without a group. Give the message a groupId', 'MissingParameter');
}

/**
 * Builds the message attributes. A copy keeps the attributes of the original that are not text.
 * Unchanged text attributes keep their original type.
 */
function toMessageAttributes(
  attributes: Readonly<Record<string, string>>,
  numbers: readonly string[] | undefined,
  copied: Readonly<Record<string, MessageAttributeValue>>,
): Record<string, MessageAttributeValue> | undefined {
  const typed = Object.create(null) as Record<string, MessageAttributeValue>;
  for (const [name, value] of Object.entries(attributes)) {
    typed[name] = { DataType: numbers?.includes(name) ? 'Number' : 'String', StringValue: value };
  }
  for (const [name, value] of Object.entries(copied)) {
    const text = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
    if (text === textOf(value)) typed[name] = value;
  }
  return Object.keys(typed).length > 0 ? typed : undefined;
}

/** Adds the trace header of X-Ray, which counts neither as an attribute nor towards the size of a message. */
function toSystemAttributes({
  traceHeader,
  original,
}: WireMessage): Pick<SendMessageBatchRequestEntry, 'MessageSystemAttributes'> {
  const header = traceHeader ?? (original?.raw as Message | undefined)?.Attributes?.AWSTraceHeader;
  if (header === undefined) return {};
  return { MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: header } } };
}

function invalid(location: QueueLocation, rule: string, code = 'InvalidMessageContents'): QueueError {
  return new QueueError(`${describeLocation(location)} ${rule}.`, {
    code,
    kind: 'invalid',
    queue: location.name,
  });
}

/** Describes how a batch was sent. */
interface SentBatch extends ErrorContext {
  /** The request that left the client. Undefined if the client has no middleware stack. */
  readonly wire: WireRequest | undefined;
  /** True if digests are checked. */
  readonly md5: boolean;
}

/**
 * Returns the result of one sent entry: stored as sent, stored but changed on the way, or not
 * stored.
 */
export function toSendOutcome(
  sent: SendMessageBatchRequestEntry,
  result: AnsweredEntry<SendMessageBatchResultEntry> | undefined,
  batch: SentBatch,
): SendResult {
  if (result === undefined) return { ok: false, error: entryWithoutAnswer(batch) };
  if ('error' in result) return { ok: false, error: result.error };
  const id = answeredId(result.entry.MessageId, LONGEST_MESSAGE_ID);
  if (id === undefined) return { ok: false, error: storedWithoutId(batch) };
  return isIntact(sent, result.entry, batch) ? { ok: true, id } : { ok: false, error: storedCorrupt(batch) };
}

/**
 * True unless the digests of the answer prove a change on the way. Middleware of the client may have
 * changed the entry before it was sent, so the digests of the entry on the wire count.
 */
function isIntact(
  sent: SendMessageBatchRequestEntry,
  stored: SendMessageBatchResultEntry,
  { md5, wire }: SentBatch,
): boolean {
  if (!md5 || !isStoredOtherwise(sent, stored)) return true;
  const onWire = wire === undefined ? undefined : entryOnWire(wire, stored.Id);
  return onWire !== undefined && !isStoredOtherwise(onWire, stored);
}

interface JsonAttribute {
  readonly DataType?: string;
  readonly StringValue?: string;
  readonly BinaryValue?: string;
}

interface JsonEntry {
  readonly Id?: string;
  readonly MessageBody?: string;
  readonly MessageAttributes?: Readonly<Record<string, JsonAttribute>>;
}

/** Reads an entry from the JSON of a request. Undefined if the request is no such JSON. */
function entryOnWire({ body }: WireRequest, id: string | undefined): DigestedEntry | undefined {
  try {
    const { Entries = [] } = JSON.parse(body() ?? '') as { readonly Entries?: readonly JsonEntry[] };
    const { MessageBody, MessageAttributes = {} } = Entries.find(({ Id }) => Id === id) ?? {};
    const attributes = Object.entries(MessageAttributes).map(([name, { BinaryValue: bytes, ...text }]) => {
      return [name, { ...text, ...(bytes !== undefined && { BinaryValue: Buffer.from(bytes, 'base64') }) }];
    });
    return { MessageBody, MessageAttributes: Object.fromEntries(attributes) as DigestedEntry['MessageAttributes'] };
  } catch {
    return undefined;
  }
}

/** Not retryable: the message is stored, and a repetition would store it again. */
export function storedWithoutId({ location }: ErrorContext): QueueError {
  const message = `${describeLocation(location)} stored the message, but answered without a usable MessageId. Check the endpoint, and proxies in between.`;
  return new QueueError(message, { code: 'BadMessageId', kind: 'service', queue: location.name, retryable: false });
}

/**
 * Not retryable: the corrupt copy is already in the queue, and a second copy would not remove it.
 */
function storedCorrupt({ location }: ErrorContext): QueueError {
  const message = `${describeLocation(location)} stored the message, but not as it was sent. Find out what changes messages in transit; consumers will reject the copy.`;
  return new QueueError(message, { code: 'StoredCorrupt', kind: 'service', queue: location.name, retryable: false });
}
