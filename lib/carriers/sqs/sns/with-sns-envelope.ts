import type { KeyObject } from 'node:crypto';
import { QueueError } from '../../../queue/queue-error.js';
import type { Queue } from '../../../queue/queue.js';
import { AbortSource } from '../../../queue/abort-source.js';
import type { ReceivedMessage } from '../../../queue/wire-message.js';
import { contentOf } from '../received-message.js';
import { BadEnvelope, checkSignature, checkSigningUrl, readSignature } from './signature.js';
import { Certificates } from './certificates.js';
import { type Notification, readNotification } from './read-notification.js';
import type { ResolvedSnsEnvelope } from './sns-envelope-options.js';

/**
 * Opens the SNS envelopes of the messages that a queue receives. Body and attributes are those that
 * were published. The attributes of the SQS message are ignored.
 *
 * A message without an envelope of an accepted topic gets a defect. If the certificate cannot be
 * fetched, the message gets a fault. A copy of a message, as for a dead-letter queue, stays in its
 * envelope. The copy can be moved back, and its signature is checked again.
 */
export function withSnsEnvelope(queue: Queue, options: ResolvedSnsEnvelope): Queue {
  const closing = new AbortSource();
  const certificates = new Certificates(options.fetch, {
    aborts: closing,
    error: () => new Error('the queue was closed'),
  });
  const openAll = async (messages: readonly ReceivedMessage[]): Promise<ReceivedMessage[]> => {
    const wait = certificates.wait();
    const keyAt: KeySource = (url) => certificates.keyAt(url, Date.now(), wait);
    const opening = messages.map((message) =>
      openEnvelope(message, queue.name, (notification) => check(notification, options, keyAt)),
    );
    return Promise.all(opening).finally(() => wait.end());
  };
  return {
    name: queue.name,
    location: queue.location,
    carrier: queue.carrier,
    url: queue.url,
    // A message that is sent to the queue has no envelope.
    features: { ...queue.features, resend: false },
    limits: queue.limits,
    ...(queue.redrive !== undefined && { redrive: queue.redrive }),
    send: (messages) => queue.send(messages),
    ...(queue.check && { check: () => queue.check!() }),
    receive: async (request) => openAll(await queue.receive(request)),
    acknowledge: (messages) => queue.acknowledge(messages),
    discard: (discards) => queue.discard(discards),
    release: (releases) => queue.release(releases),
    extend: (extensions) => queue.extend(extensions),
    close() {
      closing.abort();
      return queue.close();
    },
  };
}

/** Returns the key of the certificate at a URL that has been checked. */
type KeySource = (url: string) => Promise<KeyObject>;

async function openEnvelope(
  message: ReceivedMessage,
  queue: string,
  checked: (notification: Notification) => Promise<void>,
): Promise<ReceivedMessage> {
  if (message.defect !== undefined) return message;
  try {
    const notification = readNotification(String(message.body));
    await checked(notification);
    return unwrapped(message, notification);
  } catch (error) {
    if (error instanceof BadEnvelope) {
      return { ...message, defect: { reason: 'bad-envelope', detail: `the envelope of SNS: ${error.message}` } };
    }
    return { ...message, fault: unavailable(error, queue) };
  }
}

/**
 * Runs all checks that need no network first. An envelope that fails these checks causes no fetch.
 */
async function check(
  { topic, fields }: Notification,
  { hosts, verify }: ResolvedSnsEnvelope,
  keyAt: KeySource,
): Promise<void> {
  const host = hosts.get(topic);
  if (host === undefined) throw new BadEnvelope('its topic is not in "envelope.topics"');
  if (!verify) return;
  const signed = readSignature(fields);
  const url = checkSigningUrl(fields.SigningCertURL, host);
  checkSignature(signed, await keyAt(url));
}

function unwrapped(message: ReceivedMessage, notification: Notification): ReceivedMessage {
  const { body: _body, attributes: _attributes, otherAttributes: _count, otherBytes: _bytes, ...delivery } = message;
  return {
    ...delivery,
    body: notification.message,
    attributes: notification.attributes,
    ...(notification.otherAttributes > 0 && { otherAttributes: notification.otherAttributes }),
    copy: contentOf(message),
  };
}

function unavailable(cause: unknown, queue: string): QueueError {
  const why = reasonOf(cause);
  const message = `the certificate of an SNS signature for the queue "${queue}" cannot be fetched: ${why}. Let the worker reach SNS over https, set "envelope.fetch", or use raw message delivery.`;
  return new QueueError(message, { code: 'CertificateUnavailable', kind: 'network', queue, cause });
}

/** Returns the text of a failure, with the code behind the "fetch failed" of Node's fetch. */
function reasonOf(failure: unknown): string {
  if (!(failure instanceof Error)) return 'an unknown failure';
  const { code } = (failure.cause ?? {}) as { readonly code?: unknown };
  return typeof code === 'string' ? `${failure.message} (${code})` : failure.message;
}
