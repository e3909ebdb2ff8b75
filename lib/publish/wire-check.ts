import { forbiddenCharacter, messageBytes, type WireMessage } from '../queue/wire-message.js';
import type { MessageSender } from '../queue/queue.js';
import { PublishError } from './publish-error.js';

/** Amazon SQS developer guide, message attribute components: names. */
const NAME = /^(?!\.)(?!.*\.\.)(?!(?:aws|amazon)\.)[A-Za-z0-9_.-]{1,256}(?<!\.)$/i;

/**
 * What the queue would refuse, found before the network.
 *
 * @returns the bytes the message counts for in a request
 * @throws PublishError naming the limit and the value
 */
export function checkMessage(message: WireMessage, queue: MessageSender, method: string): number {
  checkRouting(message, queue, method);
  checkAttributes(message, queue, method);
  const bytes = messageBytes(message);
  if (bytes > queue.limits.messageBytes) throw tooLarge(method, bytes, queue);
  return queue.wireBytes?.(message) ?? bytes;
}

/** The error of a call that takes more bytes than a message may have. */
export function tooLarge(method: string, bytes: number, queue: MessageSender): PublishError {
  return new PublishError(
    'too-large',
    `${method} takes ${bytes} bytes with its attributes, and ${queue.name} accepts ${queue.limits.messageBytes}; ` +
      'send less, or a reference to it',
  );
}

/** Message group and deduplication ids: 1 to 128 alphanumeric and punctuation characters (SQS API reference, SendMessage). */
const ID = /^[\x21-\x7e]{1,128}$/;
const MAX_DELAY_SECONDS = 900;

function checkRouting(message: WireMessage, queue: MessageSender, method: string): void {
  checkId('groupId', message.groupId, method);
  checkId('deduplicationId', message.deduplicationId, method);
  checkDelay(message.delaySeconds, method);
  checkFeatures(message, queue, method);
}

function checkId(name: string, id: unknown, method: string): void {
  if (id === undefined || (typeof id === 'string' && ID.test(id))) return;
  throw new PublishError(
    'bad-id',
    `${method}: ${name} must be 1 to 128 letters, digits and punctuation characters of ASCII`,
  );
}

function checkDelay(seconds: number | undefined, method: string): void {
  if (seconds === undefined) return;
  if (Number.isInteger(seconds) && seconds >= 0 && seconds <= MAX_DELAY_SECONDS) return;
  throw new PublishError(
    'delay-refused',
    `${method}: a delay is 0 to ${MAX_DELAY_SECONDS} whole seconds, not ${String(seconds)}`,
  );
}

function checkFeatures({ groupId, delaySeconds }: WireMessage, queue: MessageSender, method: string): void {
  const { ordered, delay, leases } = queue.features;
  // What hands out no leases only passes messages on: a topic.
  const [kind, held] = leases ? ['queue', 'the queue'] : ['topic', 'the queues behind it'];
  if (ordered && groupId === undefined) {
    throw new PublishError(
      'group-required',
      `${method}: ${queue.name} is a FIFO ${kind}, so every call needs a message group id`,
    );
  }
  if (delaySeconds !== undefined && !delay) {
    throw new PublishError(
      'delay-refused',
      `${method}: ${queue.name} takes no delay for a call; set DelaySeconds on ${held}`,
    );
  }
}

function checkAttributes({ attributes = {} }: WireMessage, queue: MessageSender, method: string): void {
  const entries = Object.entries(attributes);
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

/** A name that SQS takes, and that readers in JavaScript, the AWS SDK among them, lose the value of. */
const UNREADABLE = '__proto__';

/** Why a queue would not take an attribute; undefined when it would. `value` is as the caller gave it, of any type. */
export function attributeFault(name: string, value: unknown): string | undefined {
  if (!NAME.test(name) || name === UNREADABLE)
    return `${JSON.stringify(name.slice(0, 64))} cannot be the name of an attribute`;
  if (typeof value !== 'string' || value === '') return `the attribute ${name} must be a text that is not empty`;
  const found = forbiddenCharacter(value);
  if (found === undefined) return undefined;
  const code = found.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
  return `the attribute ${name} contains U+${code}, which a queue does not take`;
}
