import { describe, expect, it } from '@jest/globals';
import { diagnose } from '../../../../lib/tools/cli/doctor/diagnose.js';
import type { Attributes, Facts, QueueFacts } from '../../../../lib/tools/cli/doctor/facts.js';
import type { CheckResult } from '../../../../lib/tools/cli/doctor/check-result.js';
import { Contract } from '../../../../lib/event/contract.js';
import { findService } from '../../../../lib/idl/find-service.js';
import { loadSchemaFromText } from '../../../../lib/idl/load-schema.js';
import { QueueError, type QueueErrorInit } from '../../../../lib/queue/queue-error.js';

const arn = (name: string): string => `arn:aws:sqs:eu-west-1:000000000000:${name}`;
const policy = (target: string, maxReceiveCount = 10): Attributes => ({
  RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arn(target), maxReceiveCount }),
});
const error = (kind: QueueErrorInit['kind'], code: string, text = 'it is so. Do that.'): QueueError =>
  new QueueError(text, { code, kind, queue: 'q' });
const contract = (idl: string): Contract => new Contract([findService(loadSchemaFromText(idl), 'S')]);

/** A queue that is as it should be, but for `more`. */
function facts(more: Partial<QueueFacts> & Pick<Facts, 'clockSkewMs' | 'handlerTimeoutMs' | 'contract'> = {}): Facts {
  const { clockSkewMs, handlerTimeoutMs, contract: known, ...queue } = more;
  const name = queue.name ?? 'q';
  const dead = name.endsWith('.fifo') ? 'dead.fifo' : 'dead';
  return {
    queue: {
      name,
      region: 'eu-west-1',
      location: `queue "${name}"`,
      allowed: { 'sqs:GetQueueAttributes': true, 'sqs:SendMessage': true, 'sqs:DeleteMessage': true },
      deadLetters: { QueueArn: arn(dead), MessageRetentionPeriod: '1209600' },
      ...queue,
      attributes:
        'attributes' in queue && queue.attributes === undefined
          ? undefined
          : { QueueArn: arn(name), VisibilityTimeout: '30', ...policy(dead), ...queue.attributes },
    },
    sides: ['client', 'worker'],
    ...(clockSkewMs !== undefined && { clockSkewMs }),
    ...(handlerTimeoutMs !== undefined && { handlerTimeoutMs }),
    ...(known !== undefined && { contract: known }),
  };
}

const find = (of: Facts, check: string): readonly CheckResult[] =>
  diagnose(of).filter((finding) => finding.check === check);
const statuses = (of: Facts, check: string): readonly string[] => find(of, check).map(({ status }) => status);

describe('diagnose', () => {
  it('reports every check as ok for a healthy queue', () => {
    const all = diagnose(facts({ clockSkewMs: 900, inFlight: 3, handlerTimeoutMs: 20_000 }));
    expect(all.filter(({ status }) => status !== 'ok')).toEqual([]);
    expect(all.map(({ check }) => check)).toEqual([
      ...['region', 'credentials', 'endpoint', 'queue', 'clock', 'permissions', 'redrive'],
      ...['visibility', 'size', 'retention', 'in-flight'],
    ]);
  });

  it.each([
    ['region', error('invalid', 'RegionMissing'), []],
    ['region', error('invalid', 'RegionMismatch'), []],
    ['credentials', error('credentials', 'CredentialsProviderError'), ['region']],
    ['endpoint', error('network', 'ECONNREFUSED'), ['region', 'credentials']],
    ['endpoint', error('invalid', 'Http404'), ['region', 'credentials']],
    ['queue', error('missing-queue', 'QueueDoesNotExist'), ['region', 'credentials', 'endpoint']],
    ['queue', error('denied', 'AccessDenied'), ['region', 'credentials', 'endpoint']],
  ])('ends with a failed %s check when opening the queue fails with %s', (check, failure, passed) => {
    const all = diagnose({ queue: failure, sides: ['worker'] });
    expect(all).toEqual([
      ...passed.map((step) => ({ check: step, status: 'ok', text: expect.any(String) })),
      { check, status: 'fail', text: `${failure.code}: it is so`, fix: 'Do that.' },
    ]);
  });

  it.each([
    [undefined, []],
    [59_000, ['ok']],
    [-61_000, ['warn']],
    [299_000, ['warn']],
    [-301_000, ['fail']],
  ])('grades a clock that is %s ms off', (clockSkewMs, expected) => {
    expect(statuses(facts(clockSkewMs === undefined ? {} : { clockSkewMs }), 'clock')).toEqual(expected);
    const away = { queue: error('credentials', 'InvalidSignatureException'), sides: [] };
    expect(statuses(clockSkewMs === undefined ? away : { ...away, clockSkewMs }, 'clock')).toEqual(expected);
  });

  it('reports whether the local clock is behind SQS or ahead of SQS', () => {
    expect(find(facts({ clockSkewMs: 400_000 }), 'clock')[0]!.text).toContain('400 s behind SQS');
    expect(find(facts({ clockSkewMs: -90_000 }), 'clock')[0]!.text).toContain('90 s ahead of SQS');
  });

  it('lists the denied permissions of the requested sides', () => {
    const allowed = { 'sqs:SendMessage': false, 'sqs:DeleteMessage': false, 'sqs:ReceiveMessage': true } as const;
    const both = facts({ allowed });
    expect(find(both, 'permissions')).toEqual([
      { check: 'permissions', status: 'ok', text: 'sqs:ReceiveMessage, not known: sqs:ChangeMessageVisibility' },
      {
        check: 'permissions',
        status: 'fail',
        text: 'denied: sqs:SendMessage, sqs:DeleteMessage',
        fix: 'Grant sqs:SendMessage, sqs:DeleteMessage on this queue.',
      },
    ]);
    const client = find({ ...both, sides: ['client'] }, 'permissions');
    expect(client.map(({ text }) => text)).toEqual(['denied: sqs:SendMessage']);
  });

  it('skips the checks of queue attributes when reading the attributes is denied', () => {
    const unreadable = facts({ attributes: undefined, allowed: { 'sqs:GetQueueAttributes': false } });
    expect(statuses(unreadable, 'permissions')).toEqual(['ok', 'warn']);
    for (const check of ['redrive', 'visibility', 'size', 'retention']) expect(find(unreadable, check)).toEqual([]);
  });

  it.each<[what: string, queue: Partial<QueueFacts>, expected: string[], text: RegExp]>([
    ['missing', { attributes: { RedrivePolicy: '' } }, ['warn'], /no redrive policy/],
    ['no JSON', { attributes: { RedrivePolicy: '{' } }, ['warn'], /no redrive policy/],
    ['to the queue itself', { attributes: policy('q') }, ['fail'], /is the queue itself/],
    ['to another type', { attributes: policy('dead.fifo') }, ['fail'], /of another type/],
    ['of a FIFO queue to another type', { name: 'q.fifo', attributes: policy('dead') }, ['fail'], /of another type/],
    ['to a missing queue', { deadLetters: error('missing-queue', 'QueueDoesNotExist') }, ['fail'], /does not exist/],
    [
      'to a queue that may not be read',
      { deadLetters: error('denied', 'AccessDenied') },
      ['warn'],
      /could not be looked at/,
    ],
    ['with 3 receives', { attributes: policy('dead', 3) }, ['ok'], /after 3 receives/],
    ['with 2 receives', { attributes: policy('dead', 2) }, ['ok', 'warn'], /maxReceiveCount is 2: a crash/],
    [
      'of a FIFO queue with 9 receives',
      { name: 'q.fifo', attributes: policy('dead.fifo', 9) },
      ['ok', 'warn'],
      /each release behind a failed message/,
    ],
    ['of a FIFO queue with 10 receives', { name: 'q.fifo' }, ['ok'], /after 10 receives/],
    [
      'to a dead-letter queue with a shorter retention',
      { deadLetters: { MessageRetentionPeriod: '345599' } },
      ['ok', 'warn'],
      /keeps its age/,
    ],
    [
      'to a dead-letter queue with the same retention',
      { deadLetters: { MessageRetentionPeriod: '345600' } },
      ['ok'],
      /after 10 receives/,
    ],
    [
      'of a FIFO queue to a shorter retention',
      { name: 'q.fifo', deadLetters: { MessageRetentionPeriod: '60' } },
      ['ok'],
      /after 10 receives/,
    ],
  ])('grades a redrive policy: %s', (_, queue, expected, text) => {
    const found = find(facts(queue), 'redrive');
    expect(found.map(({ status }) => status)).toEqual(expected);
    expect(found.at(-1)!.text).toMatch(text);
  });

  it.each<[check: string, attributes: Attributes, handlerTimeoutMs: number | undefined, expected: string[]]>([
    ['visibility', { VisibilityTimeout: '30' }, undefined, ['ok']],
    ['visibility', { VisibilityTimeout: '30' }, 29_999, ['ok']],
    ['visibility', { VisibilityTimeout: '30' }, 30_000, ['warn']],
    ['size', { MaximumMessageSize: '1048576' }, undefined, ['ok']],
    ['size', { MaximumMessageSize: '262144' }, undefined, ['warn']],
    ['retention', { MessageRetentionPeriod: '86400' }, undefined, ['ok']],
    ['retention', { MessageRetentionPeriod: '3600' }, undefined, ['warn']],
    ['delay', { DelaySeconds: '0' }, undefined, []],
    ['delay', { DelaySeconds: '5' }, undefined, ['warn']],
  ])('grades %s by %j and a handler timeout of %s', (check, attributes, handlerTimeoutMs, expected) => {
    const of = facts({ attributes, ...(handlerTimeoutMs !== undefined && { handlerTimeoutMs }) });
    expect(statuses(of, check)).toEqual(expected);
  });

  it.each([
    [95_999, 'ok'],
    [96_000, 'warn'],
    [120_000, 'fail'],
  ])('grades %i messages in flight', (inFlight, expected) => {
    expect(statuses(facts({ inFlight }), 'in-flight')).toEqual([expected]);
  });

  it.each<[what: string, queue: Partial<QueueFacts>, idl: string, texts: RegExp[]]>([
    ['that fits', {}, 'service S { oneway void f(1: i32 a) }', [/^1 oneway method of/]],
    ['without a oneway method', {}, 'service S { void f() }', [/no oneway method/]],
    [
      'for another queue',
      {},
      'service S { oneway void f() } (sqs.queue = "other")',
      [/no method of the IDL goes to this queue: sqs.queue sends S.f to other/],
    ],
    [
      'without group and deduplication id',
      { name: 'q.fifo' },
      'service S { oneway void f(1: string a), oneway void g(1: string a) (sqs.group = "a", sqs.dedup = "a") }',
      [/^S.f without sqs.group/, /^S.f without sqs.dedup/],
    ],
    [
      'without deduplication id for a queue with content-based deduplication',
      { name: 'q.fifo', attributes: { ContentBasedDeduplication: 'true' } },
      'service S { oneway void f(1: string a) (sqs.group = "a") }',
      [/^1 oneway method of/],
    ],
  ])('grades an IDL %s', (_, queue, idl, texts) => {
    const found = find(facts({ ...queue, contract: contract(idl) }), 'contract');
    expect(found.map(({ text }) => text)).toEqual(texts.map((text) => expect.stringMatching(text)));
  });

  it.each<[what: string, sample: QueueFacts['sample'], expected: string[], text: RegExp]>([
    ['was not taken', undefined, [], /^$/],
    ['is empty', { messages: 0, problems: {} }, ['ok'], /no message to look at/],
    ['decodes', { messages: 2, problems: {} }, ['ok'], /^2 messages received and .* counts as a receive: all/],
    [
      'decodes in part',
      { messages: 5, problems: { 'not-base64': 1, truncated: 2 } },
      ['fail'],
      /3 of them .*\(not-base64 1, truncated 2\)$/,
    ],
    [
      'used up the spare receives',
      { messages: 1, problems: {}, last: 1 },
      ['ok'],
      /another look would leave 1 of them no receive for a worker: all/,
    ],
    [
      'was skipped to keep the only receive',
      { messages: 0, problems: {}, spared: true },
      ['warn'],
      /allows only one receive/,
    ],
    ['was denied', { messages: 0, problems: {}, error: error('denied', 'AccessDenied') }, [], /^$/],
    ['failed', { messages: 0, problems: {}, error: error('network', 'NoAnswer') }, ['warn'], /NoAnswer: it is so$/],
  ])('grades the messages of a queue whose sample %s', (_, sample, expected, text) => {
    const found = find(facts(sample === undefined ? {} : { sample }), 'messages');
    expect(found.map(({ status }) => status)).toEqual(expected);
    expect(found[0]?.text ?? '').toMatch(text);
  });

  it('gives a fix for every finding that is not ok', () => {
    const bad = facts({
      clockSkewMs: 400_000,
      handlerTimeoutMs: 60_000,
      inFlight: 120_000,
      allowed: { 'sqs:SendMessage': false },
      attributes: { RedrivePolicy: '', MaximumMessageSize: '1024', MessageRetentionPeriod: '60', DelaySeconds: '9' },
      sample: { messages: 1, problems: { empty: 1 } },
    });
    const wrong = diagnose(bad).filter(({ status }) => status !== 'ok');
    expect(wrong).toHaveLength(9);
    for (const { fix = '' } of wrong) expect(fix).toMatch(/^[A-Z].*\.$/);
  });
});
