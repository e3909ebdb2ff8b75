import { randomUUID } from 'node:crypto';
import { EVENT_ID_ATTRIBUTE } from '../event/event-id.js';
import type { MessageSender } from '../queue/queue.js';
import { messageBytes } from '../queue/wire-message.js';
import { hasEventId, type SendOptions } from './outgoing-message.js';
import type { TraceAttributes } from './trace-context.js';
import { attributeFault } from './wire-check.js';

export interface AttributeRequest {
  /** Send options with the attributes of the application, which always come first. */
  readonly beside: SendOptions;
  /** True to add an event id, by which receivers recognize a duplicate. */
  readonly eventIds: boolean;
  readonly tracing: TraceAttributes | undefined;
  /** Counts the bytes of the body. Called only if there are attributes of tracing. */
  readonly bodyBytes: () => number;
}

export interface BudgetedAttributes {
  readonly beside: SendOptions;
  /** Names of the attributes for which there was no room. */
  readonly leftOut: readonly string[];
}

const NOTHING: readonly string[] = Object.freeze([]);

/**
 * Adds attributes to those of the application, as many as the queue takes. The order is fixed: own
 * attributes, the event id, the pointer to a large body, tracing. `limits.attributes` of a queue with
 * large bodies has room for the pointer. Tracing never makes a message too large. Changes nothing on a
 * carrier without attributes.
 */
export function withinBudget(request: AttributeRequest, sender: MessageSender): BudgetedAttributes {
  const { beside, eventIds, tracing } = request;
  if (!sender.features.attributes || (!eventIds && !tracing)) return { beside, leftOut: NOTHING };
  const filling = new Filling({ ...beside.attributes }, sender);
  if (eventIds && !hasEventId(beside)) filling.add(EVENT_ID_ATTRIBUTE, randomUUID());
  if (tracing) filling.addWhileSmall(tracing, request.bodyBytes());
  const { attributes, leftOut } = filling;
  return { beside: Object.keys(attributes).length > 0 ? { ...beside, attributes } : beside, leftOut };
}

/** Fills attributes up to the limits of a queue. */
class Filling {
  readonly leftOut: string[] = [];

  constructor(
    readonly attributes: Record<string, string>,
    private readonly sender: MessageSender,
  ) {}

  /** Adds an attribute if there is room. */
  add(name: string, value: string): void {
    if (Object.keys(this.attributes).length >= this.sender.limits.attributes) this.leftOut.push(name);
    else this.attributes[name] = value;
  }

  /** Adds acceptable attributes while the message stays small enough. Keeps those of the same name. */
  addWhileSmall(more: TraceAttributes, bodyBytes: number): void {
    let bytes = bodyBytes + messageBytes({ body: '', attributes: this.attributes });
    for (const [name, value] of Object.entries(more)) {
      if (Object.hasOwn(this.attributes, name)) continue;
      const added = attributeFault(name, value) === undefined ? bytesOf(name, value) : Infinity;
      if (bytes + added > this.sender.limits.messageBytes) this.leftOut.push(name);
      else this.add(name, value);
      if (Object.hasOwn(this.attributes, name)) bytes += added;
    }
  }
}

function bytesOf(name: string, value: string): number {
  return messageBytes({ body: '', attributes: { [name]: value } });
}
