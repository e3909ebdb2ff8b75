import type { OptionNames } from '../../../common/option-names.js';
import { booleanFault } from '../../../queue/options.js';
import { checkNames, invalidOption, refuseFault } from '../access-options.js';
import { fetchText, type FetchText } from './certificates.js';
import { parseTopicArn } from './topic-arn.js';

/**
 * Options for opening the envelopes of Amazon SNS.
 *
 * @publicApi
 */
export interface SnsEnvelopeOptions {
  readonly type: 'sns';
  /**
   * ARNs of the topics whose messages are accepted, at least one ARN. Messages of other topics are
   * rejected.
   */
  readonly topics: readonly string[];
  /**
   * True if the signature of SNS is checked. The check stops other senders to the queue from posing
   * as a topic. The signature covers the message, not its attributes. Default true. `false` trusts
   * every sender with access to the queue. Use `false` for emulators, which cannot sign.
   */
  readonly verify?: boolean | undefined;
  /**
   * Fetches the certificate of SNS, for programs with their own route to the internet. Resolves
   * with the text at the URL. The URL is always an SNS URL in the region of a topic.
   *
   * If the function rejects, the message is retried. Any text that is not a certificate rejects the
   * message. Return an empty text if the URL has no certificate. Default: `fetch` without
   * redirects, at most 64 KiB. HTTP 403, 404 and 410 mean that the URL has no certificate. The
   * signal aborts after 3 seconds.
   */
  readonly fetch?: FetchText | undefined;
}

const NAMES = { type: true, topics: true, verify: true, fetch: true } satisfies OptionNames<SnsEnvelopeOptions>;

/** {@link SnsEnvelopeOptions} with all defaults applied. */
export interface ResolvedSnsEnvelope {
  /** Host that serves the certificate of each topic, by topic ARN. */
  readonly hosts: ReadonlyMap<string, string>;
  readonly verify: boolean;
  readonly fetch: FetchText;
}

/** Domains of SNS by partition. In other partitions, certificates are never fetched. */
const DOMAINS: Readonly<Record<string, string>> = {
  aws: 'amazonaws.com',
  'aws-us-gov': 'amazonaws.com',
  'aws-cn': 'amazonaws.com.cn',
};

/** @throws QueueError of kind `invalid` */
export function resolveSnsEnvelope(queue: string, options: SnsEnvelopeOptions): ResolvedSnsEnvelope {
  checkNames('', options, NAMES, { queue, within: 'envelope' });
  const { type, topics, verify = true, fetch = fetchText } = options;
  refuseFault(queue, booleanFault('envelope.verify', verify));
  if (type !== 'sns') throw invalidOption(queue, 'the option "envelope.type" must be "sns", the only supported type.');
  if (!Array.isArray(topics) || topics.length === 0) {
    throw invalidOption(queue, 'the option "envelope.topics" must list the ARNs of the accepted topics.');
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
