import { describe, expect, it } from '@jest/globals';
import { plan } from './planning.js';

const TOPIC = 'arn:aws:sns:eu-west-1:111122223333:news';

describe('options that cannot be', () => {
  it.each<[readonly string[], object, string]>([
    [['Open'], {}, 'the IDL names no queue for Open.note; name the queue with --queue'],
    [['Jobs'], { queue: 'other' }, '--queue would never be used'],
    [['Jobs'], { visibilityTimeout: 3 }, 'unknown option visibilityTimeout; did you mean visibilityTimeoutSeconds?'],
    [['Jobs'], { pack: null }, 'pack must be an object, got null'],
    [['Jobs'], { alarms: { age: 1 } }, 'unknown option alarms.age; the options are oldestMessageSeconds'],
    [['Jobs'], { retry: { maxReceives: 3 } }, "needs poisonPolicy: 'dead-letter' or 'drop'"],
    [['Jobs'], { retry: { receives: 3 } }, 'unknown option retry.receives; did you mean retry.maxReceives?'],
    [
      ['Jobs'],
      { poisonPolicy: 'drop', retry: { maxReceives: 9 }, maxReceiveCount: 9 },
      'Set maxReceiveCount to 12 or more',
    ],
    [['Jobs'], { poisonPolicy: 'dead-leter' }, "did you mean 'dead-letter'?"],
    [
      ['Jobs'],
      { retentionSeconds: 90_000, deadLetterRetentionSeconds: 60 },
      'Set deadLetterRetentionSeconds to the same or more',
    ],
    [['Jobs'], { retentionSeconds: 900, alarms: { oldestMessageSeconds: 900 } }, 'before the alarm goes off'],
    [['Jobs'], { alarms: { inFlight: 120_000 } }, 'alarms.inFlight must be a whole number from 1 to 119 999'],
    [['Jobs'], { retentionSeconds: 60, visibilityTimeoutSeconds: 61 }, 'the visibility timeout is 61 s and'],
    [['Jobs'], { retentionSeconds: 60, handlerTimeoutMs: 60_000 }, 'SQS deletes a message while a worker handles it'],
    [['Orders'], { deadLetterQueue: 'failed' }, 'orders.fifo needs a FIFO queue for its dead letters'],
    [['Jobs'], { deadLetterQueue: 'jobs' }, 'which carries calls too. Name another queue'],
    [['Jobs'], { deadLetterQueue: 'a b' }, 'a queue name has up to 80 letters'],
    [['Jobs'], { deadLetterQueue: 'https://sqs/failed' }, 'give the name of the queue to create'],
    [['Jobs'], { topic: TOPIC }, 'topic would never be used'],
    [['Open'], { topic: TOPIC, queue: 'open.fifo' }, 'Name a FIFO topic'],
    [['Open'], { topic: 'news', queue: 'open' }, 'must be the ARN of a topic'],
    [['Jobs'], { kmsKey: 'alias/own' }, 'kmsKey must be the ARN of a key'],
    [['Jobs'], { account: 111122223333 }, 'account must be an account: 12 digits, as text, got 111122223333'],
    [['Jobs'], { region: 'here"' }, 'region must be a region, such as eu-west-1'],
    [['Jobs'], { alarms: { actions: ['x\ny'] } }, 'alarms.actions must be ARNs'],
    [['Jobs', 'Orders'], { scaling: { deployment: 'one' } }, 'scaling.deployment names one Deployment for 2 queues'],
    [['Jobs'], { scaling: { minReplicas: 9, maxReplicas: 3 } }, 'scaling.maxReplicas must be a whole number from 9'],
    [['Jobs'], { scaling: { namespace: 'a: b' } }, 'scaling.namespace must be a name of Kubernetes'],
    [['Jobs'], { queuePrefix: 'x'.repeat(80) }, 'is no name of a queue'],
  ])('end with advice: %j %j', (services, options, text) => {
    expect(() => plan(services, options)).toThrow(text);
  });
});

describe('options of a program', () => {
  it('are accepted as clients and workers have them', () => {
    const options = {
      pack: { maxBytes: 4096, lingerMs: 20 },
      retry: { baseSeconds: 1, factor: 3, maxSeconds: 60, jitter: 0.5 },
      largePayloads: { bucket: 'bodies', threshold: 0, maxBytes: 1024, endpoint: 'http://127.0.0.1:4566' },
    };
    expect(plan(['Jobs'], options).options).toMatchObject({ isPacked: true, payloads: { bucket: 'bodies' } });
    expect(plan(['Jobs'], { pack: false }).options.isPacked).toBe(false);
  });

  it.each<[object, string]>([
    [{ pack: { bogus: 1 } }, 'unknown option pack.bogus'],
    [{ pack: { maxBytes: 'many' } }, 'pack.maxBytes must be a whole number'],
    [{ pack: 'yes' }, 'pack must be true or false'],
    [{ retry: { baseSeconds: 'two' } }, 'retry.baseSeconds must be a number'],
    [{ retry: { factor: 0 } }, 'retry.factor must be a number from 1'],
    [{ retry: [] }, 'retry must be an object, got an array'],
    [{ largePayloads: { bucket: 'bodies', threshold: 'many' } }, 'largePayloads.threshold must be a whole number'],
    [{ largePayloads: { bucket: 'bodies', buckets: 'others' } }, 'largePayloads.buckets must be an array'],
    [{ largePayloads: { bucket: 'bodies', prefixes: 'a' } }, 'did you mean largePayloads.prefix?'],
    [{ largePayloads: { bucket: 'bodies', prefix: '../a' } }, 'the option "largePayloads.prefix"'],
    [{ largePayloads: {} }, 'the option "largePayloads.bucket" and "buckets" take names of S3 buckets'],
    [{ largePayloads: { bucket: 'b"c' } }, 'the option "largePayloads.bucket" and "buckets" take names'],
    [{ deadLetterQueue: 'dl', poisonPolicy: 'drop' }, "deadLetterQueue contradicts poisonPolicy: 'drop'"],
    [{ rawMessageDelivery: false }, 'rawMessageDelivery would have no effect without topic'],
  ])('are checked as clients and workers check them: %j', (options, text) => {
    expect(() => plan(['Jobs'], options)).toThrow(text);
  });
});
