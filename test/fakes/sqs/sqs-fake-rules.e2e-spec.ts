import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call } from './call.js';
import { startSqsFake, type SqsFake } from './sqs-fake.js';

const MIB = 1_048_576;
const BAD_VALUE = 'InvalidParameterValueException';
const MISSING = 'MissingRequiredParameterException';

let fake: SqsFake;
beforeAll(async () => {
  fake = await startSqsFake();
  fake.createQueue('q');
  fake.createQueue('small', { maximumMessageSize: 1024 });
  fake.createQueue('q.fifo');
  fake.createQueue('content.fifo', { contentBasedDeduplication: true });
});
afterAll(() => fake.stop());

const text = (value: string, type = 'String'): object => ({ DataType: type, StringValue: value });
const attributes = (...list: readonly (readonly [name: string, value: object])[]): object => ({
  MessageAttributes: Object.fromEntries(list),
});
const named = (name: string): object => attributes([name, text('x')]);
const ELEVEN = Array.from({ length: 11 }, (_, at) => [`a${at}`, text('x')] as const);
const group = (more: object): object => ({ MessageGroupId: 'g', MessageDeduplicationId: 'd', ...more });

/** Messages that are refused whoever sends them, alone or in a batch. */
const REFUSED: readonly (readonly [what: string, queue: string, more: object, error: string])[] = [
  ['the character 0', 'q', { MessageBody: 'a\u0000b' }, 'InvalidMessageContents'],
  ['the character 1F', 'q', { MessageBody: 'a\u001fb' }, 'InvalidMessageContents'],
  ['the character FFFE', 'q', { MessageBody: 'a\ufffeb' }, 'InvalidMessageContents'],
  ['half a surrogate pair', 'q', { MessageBody: 'a\ud800b' }, 'InvalidMessageContents'],
  ['a body beyond the size of its queue', 'small', { MessageBody: 'x'.repeat(1025) }, BAD_VALUE],
  [
    'a body that fits only without its attributes',
    'small',
    { MessageBody: 'x'.repeat(1020), ...named('a') },
    BAD_VALUE,
  ],
  ['two-byte characters beyond the size', 'small', { MessageBody: 'é'.repeat(513) }, BAD_VALUE],
  ['11 attributes', 'q', attributes(...ELEVEN), BAD_VALUE],
  ['an attribute without a value', 'q', attributes(['a', text('')]), BAD_VALUE],
  ['an attribute without bytes', 'q', attributes(['a', { DataType: 'Binary', BinaryValue: '' }]), BAD_VALUE],
  ['an attribute without a type', 'q', attributes(['a', { StringValue: 'x' }]), BAD_VALUE],
  ['an attribute of an unknown type', 'q', attributes(['a', text('x', 'Text')]), BAD_VALUE],
  ['a Number that is not numeric', 'q', attributes(['a', text('one', 'Number')]), BAD_VALUE],
  ['a forbidden character in an attribute', 'q', attributes(['a', text('\u0001')]), BAD_VALUE],
  ['an attribute name that begins with AWS.', 'q', named('AWS.trace'), BAD_VALUE],
  ['an attribute name that begins with amazon.', 'q', named('amazon.x'), BAD_VALUE],
  ['an attribute name that begins with a dot', 'q', named('.a'), BAD_VALUE],
  ['an attribute name that ends with a dot', 'q', named('a.'), BAD_VALUE],
  ['an attribute name with two dots', 'q', named('a..b'), BAD_VALUE],
  ['an attribute name with a blank', 'q', named('a b'), BAD_VALUE],
  ['an attribute name of 257 characters', 'q', named('a'.repeat(257)), BAD_VALUE],
  ['a delay of 901 s', 'q', { DelaySeconds: 901 }, BAD_VALUE],
  ['a negative delay', 'q', { DelaySeconds: -1 }, BAD_VALUE],
  ['a deduplication id in a standard queue', 'q', { MessageDeduplicationId: 'd' }, BAD_VALUE],
  ['a group id of 129 characters', 'q', { MessageGroupId: 'g'.repeat(129) }, BAD_VALUE],
  ['a group id with a blank', 'q.fifo', group({ MessageGroupId: 'a b' }), BAD_VALUE],
  ['a deduplication id of 129 characters', 'q.fifo', group({ MessageDeduplicationId: 'd'.repeat(129) }), BAD_VALUE],
  ['a delay in a FIFO queue', 'q.fifo', group({ DelaySeconds: 1 }), BAD_VALUE],
];

/** Messages at the edge of what is allowed. */
const ACCEPTED: readonly (readonly [what: string, queue: string, more: object])[] = [
  ['every allowed kind of character', 'q', { MessageBody: '\t\n\r ~\ud7ff\ue000\ufffd\u{10000}\u{10ffff}' }],
  ['a body of exactly the size of its queue', 'small', { MessageBody: 'x'.repeat(1024) }],
  ['a body of 1 MiB', 'q', { MessageBody: 'x'.repeat(MIB) }],
  ['body and attributes of exactly the size', 'small', { MessageBody: 'x'.repeat(1016), ...named('a') }],
  ['10 attributes', 'q', attributes(...ELEVEN.slice(1))],
  [
    'a custom type',
    'q',
    attributes(['a', text('1', 'Number.int')], ['b', { DataType: 'Binary.x', BinaryValue: 'AAE=' }]),
  ],
  ['a group id in a standard queue', 'q', { MessageGroupId: 'tenant' }],
  ['a delay of 900 s', 'q', { DelaySeconds: 900 }],
  ['no delay in a FIFO queue', 'q.fifo', group({ DelaySeconds: 0 })],
  ['no id in a FIFO queue that deduplicates by content', 'content.fifo', { MessageGroupId: 'g' }],
];

describe('a message that the fake refuses', () => {
  it.each(REFUSED)('the fake refuses a message with %s', async (_, queue, more, error) => {
    const before = fake.stored(queue).length;
    expect(await call(fake, 'SendMessage', { queue, MessageBody: 'x', ...more })).toMatchObject({ error, status: 400 });
    expect(fake.stored(queue)).toHaveLength(before);
  });

  it.each(REFUSED)('the fake fails only the batch entry with %s', async (what, queue, more) => {
    const good = {
      Id: 'good',
      MessageBody: 'x',
      ...(queue.endsWith('.fifo') && group({ MessageDeduplicationId: `${what.length}` })),
    };
    const Entries = [{ Id: 'bad', MessageBody: 'x', ...more }, good];
    const { body } = await call(fake, 'SendMessageBatch', { queue, Entries });
    expect(body).toMatchObject({ Successful: [{ Id: 'good' }], Failed: [{ Id: 'bad', SenderFault: true }] });
  });
});

describe('a message that the fake takes', () => {
  it.each(ACCEPTED)('the fake accepts a message with %s', async (_, queue, more) => {
    const { status, body } = await call(fake, 'SendMessage', { queue, MessageBody: 'x', ...more });
    expect({ status, body }).toMatchObject({ status: 200, body: { MessageId: expect.any(String) } });
    const { MessageBody = 'x' } = more as { MessageBody?: string };
    expect(fake.stored(queue).at(-1)).toMatchObject({ id: body.MessageId, body: MessageBody });
  });
});

const entry = (Id: string, more: object = {}): object => ({ Id, MessageBody: 'x', ...more });
const half = { MessageBody: 'x'.repeat(MIB / 2) };
const restAndOneMore = { MessageBody: 'x'.repeat(MIB / 2 - 7), ...named('a') };

describe('a request that the fake refuses as a whole', () => {
  it.each<readonly [what: string, action: string, input: Parameters<typeof call>[2], error: string]>([
    ['an empty batch', 'SendMessageBatch', { queue: 'q', Entries: [] }, 'EmptyBatchRequest'],
    [
      'a batch of 11 entries',
      'DeleteMessageBatch',
      { queue: 'q', Entries: Array.from({ length: 11 }, (_, at) => ({ Id: `${at}`, ReceiptHandle: 'r' })) },
      'TooManyEntriesInBatchRequest',
    ],
    [
      'entries with the same id',
      'SendMessageBatch',
      { queue: 'q', Entries: [entry('a'), entry('a')] },
      'BatchEntryIdsNotDistinct',
    ],
    ['an entry id with a dot', 'SendMessageBatch', { queue: 'q', Entries: [entry('a.b')] }, 'InvalidBatchEntryId'],
    [
      'an entry id of 81 characters',
      'SendMessageBatch',
      { queue: 'q', Entries: [entry('a'.repeat(81))] },
      'InvalidBatchEntryId',
    ],
    [
      'a batch that exceeds 1 MiB by one byte of its attributes',
      'SendMessageBatch',
      {
        queue: 'q',
        Entries: [entry('a', half), entry('b', restAndOneMore)],
      },
      'BatchRequestTooLong',
    ],
    ['a message without a body', 'SendMessage', { queue: 'q', MessageBody: '' }, MISSING],
    ['a FIFO message without a group', 'SendMessage', { queue: 'content.fifo', MessageBody: 'x' }, MISSING],
    [
      'a FIFO message without an id',
      'SendMessage',
      { queue: 'q.fifo', MessageBody: 'x', MessageGroupId: 'g' },
      BAD_VALUE,
    ],
    ['a FIFO batch without a group', 'SendMessageBatch', { queue: 'content.fifo', Entries: [entry('a')] }, BAD_VALUE],
    ['a receive of 11 messages', 'ReceiveMessage', { queue: 'q', MaxNumberOfMessages: 11 }, BAD_VALUE],
    ['a receive of 0 messages', 'ReceiveMessage', { queue: 'q', MaxNumberOfMessages: 0 }, BAD_VALUE],
    ['a wait of 21 s', 'ReceiveMessage', { queue: 'q', WaitTimeSeconds: 21 }, BAD_VALUE],
    ['a visibility timeout beyond 12 h', 'ReceiveMessage', { queue: 'q', VisibilityTimeout: 43_201 }, BAD_VALUE],
    ['an invented receipt handle', 'DeleteMessage', { queue: 'q', ReceiptHandle: 'r' }, 'ReceiptHandleIsInvalid'],
    ['a queue that does not exist', 'SendMessage', { queue: 'nowhere', MessageBody: 'x' }, 'QueueDoesNotExist'],
    ['an action that does not exist', 'Frobnicate', { queue: 'q' }, 'UnknownOperationException'],
    ['a FIFO queue without the attribute FifoQueue', 'CreateQueue', { QueueName: 'a.fifo' }, BAD_VALUE],
    [
      'an attribute out of range',
      'CreateQueue',
      { QueueName: 'a', Attributes: { DelaySeconds: '901' } },
      'InvalidAttributeValue',
    ],
  ])('the fake refuses %s', async (_, action, input, error) => {
    const stored = ['q', 'q.fifo', 'content.fifo'].map((name) => fake.stored(name).length);
    const answer = await call(fake, action, input);
    expect(answer).toMatchObject({ error, status: error === 'ReceiptHandleIsInvalid' ? 404 : 400 });
    expect(['q', 'q.fifo', 'content.fifo'].map((name) => fake.stored(name).length)).toEqual(stored);
  });

  it('the fake accepts a batch of exactly 1 MiB', async () => {
    const Entries = [entry('a', half), entry('b', half)];
    const { body } = await call(fake, 'SendMessageBatch', { queue: 'q', Entries });
    expect(body).toEqual({ Successful: [expect.objectContaining({ Id: 'a' }), expect.objectContaining({ Id: 'b' })] });
  });

  it('the fake refuses a second purge within a minute', async () => {
    expect(await call(fake, 'PurgeQueue', { queue: 'q' })).toMatchObject({ status: 200 });
    expect(fake.messages('q')).toEqual([]);
    expect(await call(fake, 'PurgeQueue', { queue: 'q' })).toMatchObject({
      status: 403,
      error: 'PurgeQueueInProgress',
    });
  });
});

it('an error carries its Query API code in the header that SDKs read', async () => {
  const { headers } = await call(fake, 'SendMessageBatch', { queue: 'q', Entries: [] });
  expect(headers.get('x-amzn-query-error')).toBe('AWS.SimpleQueueService.EmptyBatchRequest;Sender');
});
