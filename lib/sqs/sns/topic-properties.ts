import type { Features, QueueLimits } from '../../queue/queue.js';

/** What a topic can do and accept. */
export interface TopicProperties {
  readonly features: Features;
  readonly limits: QueueLimits;
}

/** 256 KiB: what one message and all messages of a request may have, unless MaximumMessageSize says otherwise (SNS, PublishBatch). */
const DEFAULT_BYTES = 262_144;

/** Reads the attributes of a topic, which may be missing. Only FIFO topics have names that end in `.fifo`. */
export function toTopicProperties(
  name: string,
  attributes: Readonly<Record<string, string | undefined>>,
): TopicProperties {
  const bytes = Number(attributes.MaximumMessageSize) || DEFAULT_BYTES;
  return {
    features: {
      persistent: true,
      leases: false,
      ordered: name.endsWith('.fifo'),
      attributes: true,
      delay: false,
      longPolling: false,
      body: 'text',
    },
    limits: {
      messageBytes: bytes,
      batchBytes: bytes,
      batchEntries: 10,
      // A topic takes more, but a subscription with raw delivery discards a message that has more (SNS, raw message delivery).
      attributes: 10,
      leaseSeconds: 0,
    },
  };
}
