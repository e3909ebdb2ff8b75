import type { PublishBatchResponse } from '@aws-sdk/client-sns';
import { QueueError } from '../../../queue/queue-error.js';
import type { MessageSender } from '../../../queue/queue.js';
import { toQueueError } from '../to-queue-error.js';
import { withDeadline } from '../request-deadline.js';
import { noAnswer, type QueueLocation } from '../queue-location.js';
import { exchange } from '../exchange.js';
import { explainFailure } from '../given-client.js';
import { KeyRenewal, readKeys } from '../renew-keys.js';
import { keepTracing } from '../own-tracing.js';
import { createSnsAccess, type SnsAccess, snsClientPair } from './sns-client.js';
import { SnsTopic } from './sns-topic.js';
import {
  type ResolvedSnsTopicOptions,
  resolveSnsTopicOptions,
  type SnsTopicOptions,
  toTopicProperties,
} from './sns-topic-options.js';

const OPERATION = 'GetTopicAttributes';

/**
 * Opens an Amazon SNS topic and reads its limits. The topic sends a copy of each message to every
 * subscribed queue. Needs the package @aws-sdk/client-sns.
 *
 * Rejects with a {@link QueueError} within `timeouts.openMs`. The error names the topic, the region
 * and the endpoint, and says what to do. Reasons: wrong options, missing package, no credentials,
 * no such topic, or no answer. If the caller may not read the topic's attributes
 * (sns:GetTopicAttributes), the defaults of SNS apply.
 *
 * @publicApi
 */
export async function openSnsTopic(options: SnsTopicOptions): Promise<MessageSender> {
  const resolved = resolveSnsTopicOptions(options);
  const { arn, topic, timeouts } = resolved;
  const access = await createSnsAccess(resolved).catch((error: unknown) => {
    throw toQueueError(error, { location: { kind: 'topic', name: topic.name }, operation: OPERATION });
  });
  const { client, sdk, endpoint } = access;
  const { name, region } = topic;
  const location: QueueLocation = { kind: 'topic', name, region, ...(endpoint !== undefined && { endpoint }) };
  const at: Opening = { ...resolved, access, location, step: 'credentials' };
  const deadline = { ms: timeouts.openMs, late: () => lateError(at) };
  try {
    const attributes = await withDeadline(deadline, ({ signal }) => connect(at, signal));
    const keys = new KeyRenewal(client);
    return new SnsTopic({
      location,
      properties: toTopicProperties(name, attributes),
      publish: (entries, abortSignal, answered) => {
        const prepare = keepTracing(entries);
        return keys.run(() => {
          const command = new sdk.PublishBatchCommand({ TopicArn: arn, PublishBatchRequestEntries: entries });
          prepare(command);
          return exchange<PublishBatchResponse>(command, () => client.send(command, { abortSignal }), answered);
        });
      },
      requestMs: timeouts.requestMs,
      release: () => access.close(),
    });
  } catch (error) {
    access.close();
    const classified = toQueueError(error, { location, operation: OPERATION });
    throw await explainFailure(classified, snsClientPair(name, resolved.client, sdk));
  }
}

type Attributes = Readonly<Record<string, string>>;

interface Opening extends ResolvedSnsTopicOptions {
  readonly access: SnsAccess;
  readonly location: QueueLocation;
  /** Current step of the opening. The deadline error names the step that did not answer. */
  step: 'credentials' | typeof OPERATION;
}

async function connect(at: Opening, abortSignal: AbortSignal): Promise<Attributes> {
  const { arn, topic, location } = at;
  const { client, sdk } = at.access;
  const region = await client.config.region().catch(() => 'none');
  if (region !== topic.region) {
    const message = `the topic "${topic.name}" is in ${topic.region}, but the configured region is ${region}. Remove or correct the configured region.`;
    throw new QueueError(message, { code: 'RegionMismatch', kind: 'invalid', queue: topic.name });
  }
  try {
    await readKeys(client);
    at.step = OPERATION;
    const command = new sdk.GetTopicAttributesCommand({ TopicArn: arn });
    const { Attributes = {} } = await exchange(command, () => client.send(command, { abortSignal }));
    return Attributes;
  } catch (error) {
    const classified = toQueueError(error, { location, operation: OPERATION });
    if (classified.kind === 'denied') return {};
    throw classified;
  }
}

function lateError({ step, location, timeouts: { openMs: ms } }: Opening): QueueError {
  if (step === OPERATION) return noAnswer(OPERATION, location, ms);
  const late = Object.assign(new Error(`no credentials within ${ms} ms`), { name: 'CredentialsTimeout' });
  return toQueueError(late, { location, operation: OPERATION });
}
