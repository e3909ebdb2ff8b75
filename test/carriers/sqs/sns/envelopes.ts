import { sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Queue } from '#lib/queue/queue.js';
import type { ReceivedMessage } from '#lib/queue/wire-message.js';
import { resolveSnsEnvelope, type SnsEnvelopeOptions } from '#lib/carriers/sqs/sns/sns-envelope-options.js';
import { withSnsEnvelope } from '#lib/carriers/sqs/sns/with-sns-envelope.js';
import { createMemoryQueue, type MemoryQueue } from '#lib/carriers/memory/memory-queue.js';

export const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:backups';
export const CERTIFICATE_URL = 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0a1b2c.pem';

/** Reads a test-only file that `fixtures/README.md` describes. */
export const fixture = (name: string): string => readFileSync(join('test/carriers/sqs/sns/fixtures', name), 'utf8');

export type Fields = Record<string, unknown>;

/** The fields of a notification as SNS writes them, not signed yet. */
export const fields = (more: Fields = {}): Fields => ({
  Type: 'Notification',
  MessageId: '0f2c1f0e-7c9b-5ad4-9f53-4d0a2a1f6f0b',
  TopicArn: TOPIC,
  Message: 'gAEABA==',
  Timestamp: '2026-01-02T03:04:05.678Z',
  SignatureVersion: '1',
  SigningCertURL: CERTIFICATE_URL,
  UnsubscribeURL: 'https://sns.eu-west-1.amazonaws.com/?Action=Unsubscribe',
  MessageAttributes: { tenant: { Type: 'String', Value: 'acme' } },
  ...more,
});

/** Builds the text that SNS signs, independently of the code under test. */
function canonical({ Message, MessageId, Subject, Timestamp, TopicArn, Type }: Fields): string {
  const subject = typeof Subject === 'string' ? `Subject\n${Subject}\n` : '';
  return `Message\n${String(Message)}\nMessageId\n${String(MessageId)}\n${subject}Timestamp\n${String(Timestamp)}\nTopicArn\n${String(TopicArn)}\nType\n${String(Type)}\n`;
}

/** The fields with a signature of the version they name, or by another digest. */
export function signed(content: Fields, digest?: string, key = fixture('signing-key.pem')): Fields {
  const by = digest ?? (content.SignatureVersion === '2' ? 'RSA-SHA256' : 'RSA-SHA1');
  return { ...content, Signature: sign(by, Buffer.from(canonical(content)), key).toString('base64') };
}

/** A queue of which each message comes out of its envelope. */
export interface Bench {
  readonly inner: MemoryQueue;
  readonly queue: Queue;
  /** Lists the fetched URLs in order. */
  readonly fetched: string[];
  /** Puts a body into the queue and receives it. */
  readonly receive: (body: string, attributes?: Record<string, string>) => Promise<ReceivedMessage>;
}

export function bench(options: Partial<SnsEnvelopeOptions> = {}): Bench {
  const inner = createMemoryQueue({ name: 'inbox' });
  const fetched: string[] = [];
  const { fetch = async () => fixture('signing.pem'), ...rest } = options;
  const envelope = resolveSnsEnvelope('inbox', {
    type: 'sns',
    topics: [TOPIC],
    ...rest,
    fetch: (url, signal) => {
      fetched.push(url);
      return fetch(url, signal);
    },
  });
  const queue = withSnsEnvelope(inner, envelope);
  return {
    inner,
    queue,
    fetched,
    async receive(body, attributes = {}) {
      await inner.send([{ body, attributes }]);
      const [message] = await queue.receive({ max: 1, waitSeconds: 0, visibilityTimeoutSeconds: 30 });
      return message!;
    },
  };
}
