import { invalidOption } from '../access-options.js';
import { fetchText, type FetchText } from './certificates.js';
import { parseTopicArn } from './topic-arn.js';

/** How envelopes of Amazon SNS are opened. */
export interface SnsEnvelopeOptions {
  readonly type: 'sns';
  /** The ARNs of the topics whose messages are taken; whatever names another topic is rejected. At least one. */
  readonly topics: readonly string[];
  /**
   * Whether the signature of SNS is checked, so that nobody else who may write to the queue passes for a topic. It covers the message
   * and not its attributes. Default true. `false` trusts whoever may write to the queue: for emulators, which cannot sign.
   */
  readonly verify?: boolean | undefined;
  /**
   * Gets the certificate of SNS, for programs that reach the internet by a way of their own: resolves with the text at the URL, which is
   * always one of SNS in the region of a topic, and rejects when it cannot be had, so that the message is tried again. Any other text, an
   * empty one where there is none, rejects the message. Default: `fetch` without redirects and of at most 64 KiB, to which HTTP 403, 404
   * and 410 say that there is none. The signal aborts after 3 seconds.
   */
  readonly fetch?: FetchText | undefined;
}

/** {@link SnsEnvelopeOptions} with every default filled in. */
export interface ResolvedSnsEnvelope {
  /** The host that serves the certificate of each topic. */
  readonly hosts: ReadonlyMap<string, string>;
  readonly verify: boolean;
  readonly fetch: FetchText;
}

/** The domains of SNS. Where AWS calls it otherwise, certificates are looked for nowhere. */
const DOMAINS: Readonly<Record<string, string>> = {
  aws: 'amazonaws.com',
  'aws-us-gov': 'amazonaws.com',
  'aws-cn': 'amazonaws.com.cn',
};

/** @throws QueueError of kind `invalid` */
export function resolveSnsEnvelope(queue: string, options: SnsEnvelopeOptions): ResolvedSnsEnvelope {
  const { type, topics, verify = true, fetch = fetchText } = options;
  if (type !== 'sns') throw invalidOption(queue, 'the option "envelope.type" must be "sns", the only one there is.');
  if (!Array.isArray(topics) || topics.length === 0) {
    throw invalidOption(queue, 'the option "envelope.topics" must list the ARNs of the topics that are taken.');
  }
  return Object.freeze({
    hosts: new Map(topics.map((arn: string) => [arn, certificateHost(queue, arn, verify)])),
    verify,
    fetch,
  });
}

function certificateHost(queue: string, arn: string, verify: boolean): string {
  const { region, partition } = parseTopicArn(arn, 'envelope.topics');
  const domain = DOMAINS[partition];
  if (domain === undefined && verify) {
    throw invalidOption(
      queue,
      `signatures of SNS cannot be checked in the partition ${partition}. Set "envelope.verify" to false, or use raw message delivery.`,
    );
  }
  return `sns.${region}.${domain ?? 'invalid'}`;
}
