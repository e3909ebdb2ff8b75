/** What of the embedded server concerns SNS topics, which it serves at the same endpoint. */
export interface EmbeddedTopics {
  /** Creates an SNS topic, FIFO if its name ends in `.fifo`. Attributes as in CreateTopic, all of them text. Resolves with its ARN. */
  createTopic(name: string, attributes?: Readonly<Record<string, string>>): Promise<string>;
  /**
   * Hands a copy of what is published to a topic to a queue, both given by ARN. In an envelope, whose signature is none that could be
   * checked, or with `raw` as it was published.
   */
  subscribe(topicArn: string, queueArn: string, options?: { readonly raw?: boolean }): Promise<void>;
}

/** CreateTopic and Subscribe without the SDK, which only lib/sqs knows: the server checks no signature. */
export function embeddedTopics(endpoint: string): EmbeddedTopics {
  return {
    async createTopic(name, attributes = {}) {
      const what = `did not create the topic "${name}"`;
      const answer = await request(endpoint, what, { Action: 'CreateTopic', Name: name, ...asEntries(attributes) });
      return /<TopicArn>([^<]+)<\/TopicArn>/.exec(answer)![1]!;
    },
    async subscribe(topicArn, queueArn, { raw = false } = {}) {
      await request(endpoint, `did not subscribe ${queueArn} to ${topicArn}`, {
        Action: 'Subscribe',
        TopicArn: topicArn,
        Protocol: 'sqs',
        Endpoint: queueArn,
        ...asEntries({ RawMessageDelivery: String(raw) }),
      });
    },
  };
}

/** A map as the Query protocol of AWS writes it. */
function asEntries(attributes: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(attributes).flatMap(([name, value], at) => [
    [`Attributes.entry.${at + 1}.key`, name],
    [`Attributes.entry.${at + 1}.value`, value],
  ]);
  return Object.fromEntries(entries) as Record<string, string>;
}

async function request(endpoint: string, what: string, parameters: Record<string, string>): Promise<string> {
  const response = await fetch(endpoint, { method: 'POST', body: new URLSearchParams(parameters) });
  const answer = await response.text();
  if (response.ok) return answer;
  throw new Error(`The embedded SQS ${what}: ${/<Message>([^<]*)/.exec(answer)?.[1] ?? response.status}`);
}
