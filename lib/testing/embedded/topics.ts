import { request } from './request.js';

/**
 * Manages SNS topics of the embedded server, at the same endpoint.
 *
 * @publicApi
 */
export interface EmbeddedTopics {
  /**
   * Creates an SNS topic, FIFO if its name ends in `.fifo`. Attributes as in CreateTopic, all of
   * them text. Resolves with the topic's ARN.
   */
  createTopic(name: string, attributes?: Readonly<Record<string, string>>): Promise<string>;
  /**
   * Subscribes a queue to a topic, both given by ARN. Messages arrive in an envelope whose
   * signature cannot be verified, or unchanged with `raw`.
   */
  subscribe(topicArn: string, queueArn: string, options?: { readonly raw?: boolean | undefined }): Promise<void>;
}

/**
 * Sends CreateTopic and Subscribe without the SDK, which only lib/carriers/sqs uses. The server
 * checks no signature.
 */
export function embeddedTopics(endpoint: string): EmbeddedTopics {
  return {
    async createTopic(name, attributes = {}) {
      const what = `did not create the topic "${name}"`;
      const answer = await requestSns(endpoint, what, { Action: 'CreateTopic', Name: name, ...asEntries(attributes) });
      return /<TopicArn>([^<]+)<\/TopicArn>/.exec(answer)![1]!;
    },
    async subscribe(topicArn, queueArn, { raw = false } = {}) {
      await requestSns(endpoint, `did not subscribe ${queueArn} to ${topicArn}`, {
        Action: 'Subscribe',
        TopicArn: topicArn,
        Protocol: 'sqs',
        Endpoint: queueArn,
        ...asEntries({ RawMessageDelivery: String(raw) }),
      });
    },
  };
}

/** Encodes a map as in the Query protocol of AWS. */
function asEntries(attributes: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(attributes).flatMap(([name, value], at) => [
    [`Attributes.entry.${at + 1}.key`, name],
    [`Attributes.entry.${at + 1}.value`, value],
  ]);
  return Object.fromEntries(entries) as Record<string, string>;
}

function requestSns(endpoint: string, what: string, parameters: Record<string, string>): Promise<string> {
  return request(endpoint, what, { method: 'POST', body: new URLSearchParams(parameters) });
}
