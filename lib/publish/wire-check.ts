import { describeOption } from '../common/option-names.js';
import { forbiddenCharacter, messageBytes, type WireMessage } from '../queue/wire-message.js';
import type { MessageSender } from '../queue/queue.js';
import { PublishError } from './publish-error.js';

/** Matches the name of an attribute (Amazon SQS developer guide, message attribute components). */
const NAME = /^(?!\.)(?!.*\.\.)(?!(?:aws|amazon)\.)[A-Za-z0-9_.-]{1,256}(?<!\.)$/i;

/**
 * Matches a message group id or deduplication id: 1 to 128 alphanumeric and punctuation characters
 * (SQS API reference, SendMessage).
 */
const ID = /^[\x21-\x7e]{1,128}$/;

/** Names the ids of a message for people. */
const ID_NAMES = { groupId: 'message group id', deduplicationId: 'deduplication id' } as const;

const MAX_DELAY_SECONDS = 900;

/** Attribute name that SQS accepts. Readers in JavaScript, even the AWS SDK, lose its value. */
const UNREADABLE = '__proto__';

/**
 * Refuses a message that the queue would refuse, before any request.
 *
 * @returns the bytes of the message in a request
 * @throws PublishError names the limit and the value
 */
export function checkMessage(message: WireMessage, queue: MessageSender, method: string): number {
  checkId('groupId', message.groupId, method);
  checkId('deduplicationId', message.deduplicationId, method);
  checkCarriesIds(message, queue, method);
  checkGroup(message, queue, method);
  checkDelay(message, queue, method);
  checkAttributes(message, queue, method);
  const bytes = messageBytes(message);
  if (bytes > queue.limits.messageBytes) throw tooLarge(method, bytes, queue);
  return queue.wireBytes?.(message) ?? bytes;
}

/** Builds the error for a call that exceeds the size limit of a message. */
export function tooLarge(method: string, bytes: number, queue: MessageSender): PublishError {
  return new PublishError(
    'too-large',
    `${method} takes ${bytes} bytes with its attributes, and ${queue.name} accepts ${queue.limits.messageBytes}. ` +
      'Send fewer bytes, or send a reference to the data.',
  );
}

function checkId(name: string, id: unknown, method: string): void {
  if (id === undefined || (typeof id === 'string' && ID.test(id))) return;
  throw new PublishError(
    'bad-id',
    `${method}: ${name} must be 1 to 128 letters, digits and punctuation characters of ASCII`,
  );
}

/** Refuses ids that would not arrive, so that nobody relies on an order or a deduplication. */
function checkCarriesIds(message: WireMessage, { name, features }: MessageSender, method: string): void {
  if (features.attributes) return;
  // A carrier with an order takes the group as the unit of the order.
  const ids = features.ordered ? (['deduplicationId'] as const) : (['groupId', 'deduplicationId'] as const);
  const given = ids.find((id) => message[id] !== undefined);
  if (given === undefined) return;
  const idName = ID_NAMES[given];
  throw new PublishError(
    'id-refused',
    `${method} has a ${idName}, and ${name} carries no ids beside a call. Leave out the ${idName}, ` +
      'or make it an argument of the method.',
  );
}

function checkGroup({ groupId }: WireMessage, { name, features }: MessageSender, method: string): void {
  if (!features.ordered || groupId !== undefined) return;
  throw new PublishError(
    'group-required',
    `${method}: ${name} is a FIFO queue or topic, so every call needs a message group id. ` +
      'Give a groupId, or set sqs.group in the IDL.',
  );
}

function checkDelay({ delaySeconds: seconds }: WireMessage, { name, features }: MessageSender, method: string): void {
  if (seconds === undefined) return;
  if (!features.delay) {
    throw new PublishError(
      'delay-refused',
      `${method}: ${name} takes no delay for a call. Leave out the delay, and sqs.delay in the IDL. ` +
        'For SQS, set DelaySeconds on the queue, or on the queues behind the topic.',
    );
  }
  if (Number.isInteger(seconds) && seconds >= 0 && seconds <= MAX_DELAY_SECONDS) return;
  throw new PublishError(
    'delay-refused',
    `${method}: a delay is 0 to ${MAX_DELAY_SECONDS} whole seconds, not ${describeOption(seconds)}`,
  );
}

function checkAttributes({ attributes }: WireMessage, queue: MessageSender, method: string): void {
  if (attributes === undefined) return;
  const entries = Object.entries(attributes);
  if (entries.length > 0 && !queue.features.attributes) {
    throw new PublishError(
      'attributes-refused',
      `${method} has attributes, and ${queue.name} carries no attributes. Leave out the attributes and the event id, ` +
        'or make them arguments of the method.',
    );
  }
  if (entries.length > queue.limits.attributes) {
    throw new PublishError(
      'too-many-attributes',
      `${method} has ${entries.length} attributes, and ${queue.name} accepts ${queue.limits.attributes}`,
    );
  }
  for (const [name, value] of entries) {
    const fault = attributeFault(name, value);
    if (fault !== undefined) throw new PublishError('bad-attribute', `${method}: ${fault}`);
  }
}

/** Explains why a queue would refuse an attribute. Undefined for a valid attribute. */
export function attributeFault(name: string, value: unknown): string | undefined {
  if (!NAME.test(name) || name === UNREADABLE)
    return `${JSON.stringify(name.slice(0, 64))} cannot be the name of an attribute`;
  if (typeof value !== 'string' || value === '') return `the attribute ${name} must be a text that is not empty`;
  const found = forbiddenCharacter(value);
  if (found === undefined) return undefined;
  const code = found.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
  return `the attribute ${name} contains U+${code}, which queues refuse`;
}
