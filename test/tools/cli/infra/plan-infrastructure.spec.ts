import { describe, expect, it } from '@jest/globals';
import { logicalId } from '../../../../lib/tools/cli/infra/logical-ids.js';
import type { InfraOptions } from '../../../../lib/tools/cli/infra/infra-options.js';
import { plan } from './planning.js';

const TOPIC = 'arn:aws:sns:eu-west-1:111122223333:news';

/** Returns the queues of a plan by name. */
function queuesOf(services: readonly string[], options: InfraOptions = {}) {
  return new Map(plan(services, options).infrastructure.queues.map((queue) => [queue.name, queue]));
}

describe('the queues of a plan', () => {
  it('are a queue and a dead-letter queue of the same type for each queue of the contract', () => {
    const queues = queuesOf(['Jobs', 'Orders']);
    expect([...queues.keys()]).toEqual(['jobs-dlq', 'orders-dlq.fifo', 'jobs', 'orders.fifo']);
    expect([...queues.values()].map(({ isFifo }) => isFifo)).toEqual([false, true, false, true]);
    for (const name of ['jobs', 'orders']) {
      const [queue, dead] = ['', '-dlq'].map((end) => queues.get(`${name}${end}`) ?? queues.get(`${name}${end}.fifo`));
      expect(queue!.redrive!.target).toBe(dead);
    }
  });

  it('keep dead letters for 14 days, and wait for messages in long polls', () => {
    const queues = queuesOf(['Jobs']);
    expect(queues.get('jobs')).toMatchObject({ retentionSeconds: 345_600, waitTimeSeconds: 20 });
    expect(queues.get('jobs-dlq')).toMatchObject({ retentionSeconds: 1_209_600 });
  });

  it.each<[InfraOptions, number]>([
    [{}, 30],
    [{ visibilityTimeoutSeconds: 60 }, 60],
    [{ handlerTimeoutMs: 90_000 }, 91],
    [{ handlerTimeoutMs: 89_999 }, 90],
    [{ handlerTimeoutMs: 10_000, visibilityTimeoutSeconds: 60 }, 60],
    [{ handlerTimeoutMs: 43_200_000 }, 43_200],
  ])('hide messages for longer than handlers run: %j is %i s', (options, seconds) => {
    expect(queuesOf(['Jobs'], options).get('jobs')!.visibilityTimeoutSeconds).toBe(seconds);
  });

  it.each<[InfraOptions, number, number]>([
    [{}, 5, 10],
    [{ maxReceiveCount: 7 }, 7, 7],
    [{ poisonPolicy: 'drop', retry: { maxReceives: 4 } }, 7, 10],
    [{ poisonPolicy: 'dead-letter', retry: { maxReceives: 20 } }, 23, 23],
  ])('move messages after receives that leave the worker its own: %j', (options, standard, fifo) => {
    const queues = queuesOf(['Jobs', 'Orders'], options);
    const receives = ['jobs', 'orders.fifo'].map((name) => queues.get(name)!.redrive!.maxReceiveCount);
    expect(receives).toEqual([standard, fifo]);
  });

  it('deduplicate by content where a method has no sqs.dedup', () => {
    const idl = 'service S { oneway void a() (sqs.group = "id") } (sqs.queue = "s.fifo")'.replace(
      'a()',
      'a(1: string id)',
    );
    const { infrastructure } = plan(['S'], {}, idl);
    expect(infrastructure.queues.map((queue) => queue.contentBasedDeduplication)).toEqual([false, true]);
    expect(queuesOf(['Orders']).get('orders.fifo')!.contentBasedDeduplication).toBe(false);
  });

  it('are one queue if the option queue names a queue of the IDL', () => {
    expect([...queuesOf(['Jobs', 'Open'], { queue: 'jobs' }).keys()]).toEqual(['jobs-dlq', 'jobs']);
  });

  it('are no dead-letter queues of each other', () => {
    const options = { queue: 'jobs-dlq' };
    expect(() => queuesOf(['Jobs', 'Open'], options)).toThrow('jobs-dlq would take the dead letters of jobs');
  });

  it('share a dead-letter queue that the options name, which lists them all', () => {
    const options = { deadLetterQueue: 'failed', queuePrefix: 'a-', queue: 'open' };
    const { queues, allowances } = plan(['Jobs', 'Open'], options).infrastructure;
    expect(queues.map(({ name }) => name)).toEqual(['a-failed', 'a-jobs', 'a-open']);
    expect(allowances).toEqual([{ target: queues[0], sources: [queues[1], queues[2]] }]);
  });
});

describe('the ids of resources', () => {
  it('are the same for each prefix, and equal input gives equal plans', () => {
    const ids = (options: InfraOptions) => {
      const { queues, alarms, policies } = plan(['Jobs', 'Orders'], options).infrastructure;
      return [...queues, ...alarms, ...policies].map(({ id }) => id);
    };
    expect(ids({ queuePrefix: 'staging-' })).toEqual(ids({}));
    expect(new Set(ids({})).size).toBe(ids({}).length);
    expect(plan(['Jobs', 'Orders'])).toEqual(plan(['Jobs', 'Orders']));
  });

  it('differ if names differ, and have letters and digits only', () => {
    const names = [
      'a-b',
      'a_b',
      'ab',
      'A-b',
      'aB',
      'a-b.fifo',
      'a-b-fifo',
      'a-1b',
      'a1b',
      '1a',
      '-',
      '_',
      '--',
      'a--b',
    ];
    const ids = names.map(logicalId);
    expect(new Set(ids).size).toBe(names.length);
    for (const id of ids) expect(id).toMatch(/^[A-Z][A-Za-z0-9]*$/);
    expect(logicalId('album-edits.fifo')).toBe('AlbumEditsFifo');
  });
});

describe('the alarms of a plan', () => {
  it('watch the age and the messages in flight of each queue, and any dead letter', () => {
    const { alarms } = plan(['Jobs'], { alarms: { oldestMessageSeconds: 60 } }).infrastructure;
    expect(alarms.map(({ queue, metric, threshold }) => [queue.name, metric, threshold])).toEqual([
      ['jobs-dlq', 'ApproximateNumberOfMessagesVisible', 1],
      ['jobs', 'ApproximateAgeOfOldestMessage', 60],
      ['jobs', 'ApproximateNumberOfMessagesNotVisible', 96_000],
    ]);
  });

  it('go off before SQS deletes the message', () => {
    const { alarms } = plan(['Jobs'], { retentionSeconds: 61 }).infrastructure;
    expect(alarms.find(({ metric }) => metric === 'ApproximateAgeOfOldestMessage')!.threshold).toBe(30);
    const limits = { oldestMessageSeconds: 60, inFlight: 119_999 };
    const { alarms: last } = plan(['Jobs'], { retentionSeconds: 61, alarms: limits }).infrastructure;
    expect(last.map(({ threshold }) => threshold)).toEqual([1, 60, 119_999]);
  });

  it('are absent with alarms: false', () => {
    expect(plan(['Jobs'], { alarms: false }).infrastructure.alarms).toEqual([]);
  });
});

describe('the policies of a plan', () => {
  it('add the key to both sides, with data keys for what sends', () => {
    const kmsKey = 'arn:aws:kms:eu-west-1:111122223333:key/1234';
    const actions = (options: InfraOptions) =>
      plan(['Jobs'], { kmsKey, ...options }).infrastructure.policies.map(
        ({ statements }) => statements.at(-1)!.actions,
      );
    const sends = ['kms:GenerateDataKey', 'kms:Decrypt'];
    expect(actions({})).toEqual([sends, ['kms:Decrypt']]);
    expect(actions({ pack: true })).toEqual([sends, sends]);
    expect(actions({ poisonPolicy: 'dead-letter' })).toEqual([sends, sends]);
  });

  it('let workers read each bucket, and delete no body that they have to keep', () => {
    const largePayloads = { bucket: 'one', buckets: ['two', 'one'], prefix: 'calls/', deletePayloads: false };
    const { policies } = plan(['Jobs'], { largePayloads }).infrastructure;
    expect(policies.map(({ statements }) => statements.slice(1))).toEqual([
      [{ actions: ['s3:PutObject', 's3:DeleteObject'], resources: [{ s3: 'one/calls/*' }] }],
      [
        { actions: ['s3:GetObject'], resources: [{ s3: 'one/calls/*' }, { s3: 'two/*' }] },
        { actions: ['s3:ListBucket'], resources: [{ s3: 'one' }, { s3: 'two' }] },
      ],
    ]);
  });

  it('put a publisher in the place of the client of the queue behind a topic, and of no other', () => {
    const { policies, subscriptions } = plan(['Jobs', 'Open'], { queue: 'open', topic: TOPIC }).infrastructure;
    expect(policies.map(({ name }) => name)).toEqual(['news-publisher', 'jobs-client', 'jobs-worker', 'open-worker']);
    expect(subscriptions.map(({ queue, raw }) => [queue.name, raw])).toEqual([['open', true]]);
  });

  it('keep the client of a queue that methods reach by the topic and by sqs.queue', () => {
    const { policies, subscriptions } = plan(['Jobs', 'Open'], {
      queue: 'jobs',
      topic: TOPIC,
      queuePrefix: 'a-',
    }).infrastructure;
    expect(policies.map(({ name }) => name)).toEqual(['news-publisher', 'a-jobs-client', 'a-jobs-worker']);
    expect(subscriptions.map(({ queue }) => queue.name)).toEqual(['a-jobs']);
  });
});
