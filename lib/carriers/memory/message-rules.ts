import { messageBytes, type WireMessage } from '../../queue/wire-message.js';
import { QueueError } from '../../queue/queue-error.js';
import type { QueueLimits } from '../../queue/queue.js';

export interface MessageRules {
  /** Name of the queue. */
  readonly name: string;
  readonly fifo: boolean;
  readonly contentBasedDeduplication: boolean;
  readonly limits: QueueLimits;
}

/**
 * Matches anything outside `#x9 #xA #xD #x20–#xD7FF #xE000–#xFFFD #x10000–#x10FFFF`, including lone
 * surrogates (SendMessage).
 */
const FORBIDDEN = /[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;
const ATTRIBUTE_NAME = /^(?!\.)(?!.*\.\.)(?!.*\.$)(?!aws\.|amazon\.)[A-Za-z0-9_.-]{1,256}$/i;
const ID = /^[A-Za-z0-9!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~]{1,128}$/;

/**
 * Returns the error that SQS would answer for a message, or undefined if SQS accepts the message.
 * The rules follow the SQS documentation, not the behaviour of emulators.
 */
export function findMessageFault(message: WireMessage, rules: MessageRules): QueueError | undefined {
  return (
    bodyFault(message, rules) ??
    attributesFault(message, rules) ??
    sizeFault(message, rules) ??
    groupFault(message, rules)
  );
}

/**
 * Returns the error for a wrong number of entries, or undefined. SQS then refuses the whole batch.
 */
export function batchFault(
  entries: readonly unknown[],
  rules: Pick<MessageRules, 'name' | 'limits'>,
): QueueError | undefined {
  const { batchEntries } = rules.limits;
  if (entries.length === 0) return refuse(rules, 'EmptyBatchRequest', 'the batch has no entries');
  if (entries.length > batchEntries) {
    return refuse(
      rules,
      'TooManyEntriesInBatchRequest',
      `${entries.length} entries exceed the limit of ${batchEntries}`,
    );
  }
  return undefined;
}

/** Checks a batch as {@link batchFault} does, and limits the total size of its messages. */
export function sendFault(
  messages: readonly WireMessage[],
  rules: Pick<MessageRules, 'name' | 'limits'>,
): QueueError | undefined {
  const { batchBytes } = rules.limits;
  const bytes = messages.reduce((sum, message) => sum + messageBytes(message), 0);
  const tooLong = bytes > batchBytes;
  return (
    batchFault(messages, rules) ??
    (tooLong
      ? refuse(rules, 'BatchRequestTooLong', `${bytes} bytes exceed the limit of ${batchBytes}`, 'too-large')
      : undefined)
  );
}

function bodyFault({ body }: WireMessage, rules: MessageRules): QueueError | undefined {
  if (typeof body !== 'string') return refuse(rules, 'InvalidMessageContents', 'the body must be text');
  if (body === '') return refuse(rules, 'MissingParameter', 'the body must not be empty');
  return FORBIDDEN.test(body)
    ? refuse(rules, 'InvalidMessageContents', 'the body has a character that SQS refuses')
    : undefined;
}

function attributesFault({ attributes = {} }: WireMessage, rules: MessageRules): QueueError | undefined {
  const entries = Object.entries(attributes);
  if (entries.length > rules.limits.attributes) {
    return refuse(rules, 'InvalidParameterValue', `more than ${rules.limits.attributes} attributes`);
  }
  for (const [name, value] of entries) {
    if (!ATTRIBUTE_NAME.test(name)) return refuse(rules, 'InvalidParameterValue', 'an attribute name that SQS refuses');
    if (typeof value !== 'string' || value === '') {
      return refuse(rules, 'InvalidParameterValue', 'an attribute value must be text and not empty');
    }
    if (FORBIDDEN.test(value))
      return refuse(rules, 'InvalidParameterValue', 'an attribute value has a character that SQS refuses');
  }
  return undefined;
}

function sizeFault(message: WireMessage, rules: MessageRules): QueueError | undefined {
  const bytes = messageBytes(message);
  return bytes > rules.limits.messageBytes
    ? refuse(
        rules,
        'InvalidParameterValue',
        `${bytes} bytes exceed the limit of ${rules.limits.messageBytes}`,
        'too-large',
      )
    : undefined;
}

function groupFault(message: WireMessage, rules: MessageRules): QueueError | undefined {
  const { groupId, deduplicationId, delaySeconds } = message;
  if (groupId !== undefined && !ID.test(groupId))
    return refuse(rules, 'InvalidParameterValue', 'a group id that SQS refuses');
  if (deduplicationId !== undefined && !ID.test(deduplicationId)) {
    return refuse(rules, 'InvalidParameterValue', 'a deduplication id that SQS refuses');
  }
  if (delaySeconds !== undefined && !isWhole(delaySeconds, 0, 900)) {
    return refuse(rules, 'InvalidParameterValue', 'a delay must be a whole number of seconds from 0 to 900');
  }
  return rules.fifo ? fifoFault(message, rules) : standardFault(message, rules);
}

function standardFault({ deduplicationId }: WireMessage, rules: MessageRules): QueueError | undefined {
  return deduplicationId === undefined
    ? undefined
    : refuse(rules, 'InvalidParameterValue', 'a deduplication id is for FIFO queues only');
}

function fifoFault(
  { groupId, deduplicationId, delaySeconds = 0 }: WireMessage,
  rules: MessageRules,
): QueueError | undefined {
  if (groupId === undefined) return refuse(rules, 'MissingParameter', 'a FIFO queue needs a group id');
  if (deduplicationId === undefined && !rules.contentBasedDeduplication) {
    return refuse(
      rules,
      'InvalidParameterValue',
      'a FIFO queue without content-based deduplication needs a deduplication id',
    );
  }
  return delaySeconds === 0
    ? undefined
    : refuse(rules, 'InvalidParameterValue', 'a FIFO queue accepts no delay per message');
}

/** True if a number is whole and in a range. */
export function isWhole(value: number, from: number, to: number): boolean {
  return Number.isInteger(value) && value >= from && value <= to;
}

/** Builds the error of a refused request, with an error code of SQS. */
export function refuse(
  { name }: Pick<MessageRules, 'name'>,
  code: string,
  reason: string,
  kind: 'invalid' | 'too-large' = 'invalid',
): QueueError {
  const text = `the queue "${name}" refused the request: ${reason}. Correct the request before sending it again.`;
  return new QueueError(text, { code, kind, queue: name });
}
