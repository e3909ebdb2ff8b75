import { isTextType } from '../received-message.js';
import { BadEnvelope } from './signature.js';

/**
 * Describes the envelope that SNS puts around a published message. Source: Amazon SNS Developer
 * Guide, "HTTP/HTTPS notification JSON format".
 */
export interface Notification {
  readonly message: string;
  readonly topic: string;
  /** Text attributes, in an object without a prototype. The signature does not cover attributes. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Number of attributes that are not text. */
  readonly otherAttributes: number;
  /** All fields of the envelope. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** @throws BadEnvelope the text is not the JSON of a notification */
export function readNotification(text: string): Notification {
  const fields = parseObject(text);
  if (fields.Type !== 'Notification') throw new BadEnvelope('the body is not a notification');
  const { Message: message, TopicArn: topic } = fields;
  if (typeof message !== 'string' || typeof topic !== 'string') {
    throw new BadEnvelope('Message or TopicArn is missing');
  }
  return { message, topic, ...readAttributes(fields.MessageAttributes), fields };
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new BadEnvelope('the body is not JSON');
  }
  return asObject(parsed, 'the body is not a JSON object');
}

/**
 * Follows the rule for SQS messages: strings and numbers are text, other types are only counted.
 */
function readAttributes(value: unknown): Pick<Notification, 'attributes' | 'otherAttributes'> {
  const attributes = Object.create(null) as Record<string, string>;
  let otherAttributes = 0;
  for (const [name, attribute] of Object.entries(asObject(value ?? {}, 'MessageAttributes is not an object'))) {
    const { Type, Value } = asObject(attribute, 'an attribute is not an object');
    if (typeof Type !== 'string' || typeof Value !== 'string') {
      throw new BadEnvelope('an attribute lacks its Type or Value');
    }
    if (isTextType(Type)) attributes[name] = Value;
    else otherAttributes += 1;
  }
  return { attributes, otherAttributes };
}

function asObject(value: unknown, otherwise: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new BadEnvelope(otherwise);
  return value as Record<string, unknown>;
}
