import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SqsThriftRecordBuilder } from 'nestjs-sqs-thrift';
import { type EmbeddedSqs, startEmbeddedSqs } from 'nestjs-sqs-thrift/testing';
import { closeAll } from '../../nest/harness.js';
import { RecordedSpans } from './recorded-spans.js';
import { FAILING, inGroup, OWN, REJECTED, runCase, type SpanCase } from './span-case.js';
import {
  acknowledged,
  emitted,
  inBody,
  line,
  NO_LINKS,
  NO_PARENT,
  processed,
  received,
  sent,
  sentAlone,
  settled,
} from './span-lines.js';

let sqs: EmbeddedSqs;
beforeAll(async () => {
  sqs = await startEmbeddedSqs();
});
afterAll(() => sqs.stop());

let spans: RecordedSpans;
beforeEach(() => void (spans = new RecordedSpans()));
afterEach(async () => {
  await closeAll();
  await spans.shutdown();
});

const TEN = 'ABCDEFGHIJ'.split('');

const CASES: readonly (readonly [string, SpanCase])[] = [
  [
    'one call',
    {
      requests: { A: [1] },
      deliveries: 1,
      lines: [...emitted('A'), sentAlone('A'), received('A'), processed('A'), settled('ack q')],
    },
  ],
  [
    'ten calls of ten traces in one batch',
    {
      requests: Object.fromEntries(TEN.map((name, id) => [name, [id]])),
      deliveries: 10,
      lines: [
        ...TEN.flatMap(emitted),
        sent(...TEN),
        received(...TEN),
        ...TEN.map((name) => processed(name)),
        acknowledged(10),
      ],
    },
  ],
  [
    'a packed body of calls of two traces',
    {
      client: { pack: true },
      requests: { A: [1], B: [2] },
      deliveries: 1,
      lines: [
        ...['A', 'B'].map((name) => line(`${name} INTERNAL`, `trace of ${name}`, NO_PARENT, NO_LINKS)),
        line('create q PRODUCER', 'trace of create q', NO_PARENT, 'links A of A, B of B'),
        sentAlone('create q'),
        received('create q'),
        processed('create q'),
        inBody(),
        inBody(),
        settled('ack q'),
      ],
    },
  ],
  [
    'a packed body of calls of one span',
    {
      client: { pack: true },
      requests: { A: [1, 2] },
      deliveries: 1,
      lines: [...emitted('A'), sentAlone('A'), received('A'), processed('A'), inBody(), inBody(), settled('ack q')],
    },
  ],
  [
    'a call that is retried',
    {
      requests: { A: [FAILING] },
      deliveries: 2,
      lines: [
        ...emitted('A'),
        sentAlone('A'),
        ...[received('A'), processed('A', 'failed'), settled('release q')],
        ...[received('A'), processed('A'), settled('ack q')],
      ],
    },
  ],
  [
    'a call that is dead-lettered',
    {
      deadLetters: true,
      requests: { A: [REJECTED] },
      deliveries: 1,
      lines: [
        ...[...emitted('A'), sentAlone('A'), received('A'), processed('A', 'failed')],
        settled('send q-dlq', 'create q of A'),
        settled('discard q'),
      ],
    },
  ],
  [
    'a packed body of which one call fails',
    {
      client: { pack: true },
      sharesAcks: true,
      requests: { A: [1, FAILING + 1] },
      deliveries: 2,
      lines: [
        ...[...emitted('A'), sentAlone('A'), received('A'), processed('A', 'failed'), inBody(), inBody('failed')],
        ...[settled('send q', 'create q of A'), received('A'), processed('A')],
      ],
    },
  ],
  [
    'a group of a FIFO queue',
    {
      fifo: true,
      requests: { A: [inGroup(1)], B: [inGroup(2)] },
      deliveries: 2,
      lines: [
        ...['A', 'B'].flatMap(emitted),
        ...[sentAlone('A'), received('A'), processed('A'), settled('ack q')],
        ...[sentAlone('B'), received('B'), processed('B'), settled('ack q')],
      ],
    },
  ],
  [
    'consumerTrace parent, with a retry',
    {
      config: { consumerTrace: 'parent' },
      requests: { A: [FAILING + 2] },
      deliveries: 2,
      lines: [
        ...[...emitted('A'), sentAlone('A'), received('A'), received('A')],
        line('process q CONSUMER', 'trace of A', 'parent create q', 'links create q of A', 'failed'),
        line('release q CLIENT', 'trace of A', 'parent process q', 'links process q of A'),
        line('process q CONSUMER', 'trace of A', 'parent create q', 'links create q of A'),
        line('ack q CLIENT', 'trace of A', 'parent process q', 'links process q of A'),
      ],
    },
  ],
  [
    'createSpans false',
    {
      config: { createSpans: false },
      requests: { A: [1] },
      deliveries: 1,
      lines: [
        line('A INTERNAL', 'trace of A', NO_PARENT, NO_LINKS),
        line('send q CLIENT', 'trace of A', 'parent A', 'links A of A'),
        line('receive q CLIENT', 'trace of receive q', NO_PARENT, 'links A of A'),
        line('process q CONSUMER', 'trace of process q', NO_PARENT, 'links A of A'),
        settled('ack q'),
      ],
    },
  ],
  [
    'a call with a context of its own',
    {
      requests: { A: [new SqsThriftRecordBuilder({ id: 1 }).setAttributes({ traceparent: OWN })] },
      deliveries: 1,
      lines: [
        line('A INTERNAL', 'trace of A', NO_PARENT, NO_LINKS),
        line('send q CLIENT', 'trace of ?', 'parent unknown', 'links ? of ?'),
        line('receive q CLIENT', 'trace of receive q', NO_PARENT, 'links ? of ?'),
        line('process q CONSUMER', 'trace of process q', NO_PARENT, 'links ? of ?'),
        settled('ack q'),
      ],
    },
  ],
];

describe('the spans of', () => {
  it.each(CASES)('%s have these parents and links, and no trace is mixed with another', async (_title, example) => {
    const lines = await runCase(sqs, spans, example);
    const exact = example.sharesAcks ? lines.filter((each) => !each.startsWith('ack ')) : lines;
    expect(exact).toEqual([...example.lines].sort());
    const roots = spans.all().filter(({ parentSpanContext }) => parentSpanContext === undefined);
    expect(new Set(roots.map((span) => span.spanContext().traceId)).size).toBe(roots.length);
  });
});
