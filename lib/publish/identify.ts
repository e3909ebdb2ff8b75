import { randomUUID } from 'node:crypto';
import { EVENT_ID_ATTRIBUTE } from '../event/event-id.js';
import type { SendOptions } from './send-options.js';

/** Says which event a message is, so that whoever receives it twice can tell. What the caller says comes first, and all its attributes. */
export function identify(beside: SendOptions, maxAttributes: number): SendOptions {
  const { attributes = {} } = beside;
  const taken = EVENT_ID_ATTRIBUTE in attributes || Object.keys(attributes).length >= maxAttributes;
  return taken ? beside : { ...beside, attributes: { ...attributes, [EVENT_ID_ATTRIBUTE]: randomUUID() } };
}
