import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DEAD_LETTER_ATTRIBUTE } from '../../../../lib/queue/dead-letter-note.js';
import { call } from '../../../fakes/sqs/call.js';
import type { FaultScript } from '../../../fakes/sqs/faults.js';
import type { SqsFake } from '../../../fakes/sqs/sqs-fake.js';
import { RedriveRig } from '../redrive-rig.js';

let rig: RedriveRig;
let fake: SqsFake;

beforeEach(async () => {
  rig = await RedriveRig.start();
  fake = rig.fake;
});
afterEach(() => rig.stop());

/** Lets the redrive policy move messages, which a receive does that finds them received too often. */
async function giveUp(count: number): Promise<void> {
  for (let at = 0; at < count; at += 1) fake.send('backup', { body: `m${at}`, attributes: {} });
  const receive = { queue: 'backup', MaxNumberOfMessages: 10, VisibilityTimeout: 0 };
  while (fake.depth('backup').visible > 0) await call(fake, 'ReceiveMessage', receive);
}

/** Stores a message with the note of a worker that names a queue. */
function bury(queue: string, body = 'noted'): void {
  const StringValue = JSON.stringify({ reason: 'truncated', queue });
  fake.send('backup-dead', { body, attributes: { [DEAD_LETTER_ATTRIBUTE]: { DataType: 'String', StringValue } } });
}

/** Sets the answers to the actions on move tasks: the list before a move task is started, and the list after that. */
function answering(start: FaultScript, before: ReturnType<FaultScript>, after = before): void {
  let begun = false;
  fake.faults = (request) => {
    if (request.action === 'ListMessageMoveTasks') return begun ? after : before;
    if (request.action !== 'StartMessageMoveTask') return undefined;
    begun = true;
    return start(request);
  };
}

const json = (value: unknown): ReturnType<FaultScript> => ({ kind: 'json', json: value });
const started = (): ReturnType<FaultScript> => json({ TaskHandle: 'h' });
const tasks = (...Results: readonly unknown[]): ReturnType<FaultScript> => json({ Results });
const error = (code: string, status?: number): ReturnType<FaultScript> => ({
  kind: 'error',
  error: code,
  ...(status !== undefined && { status }),
});
const none = tasks();

describe('redrive falls back to moving messages one by one', () => {
  it.each<[string, FaultScript, readonly [ReturnType<FaultScript>, ReturnType<FaultScript>?]]>([
    [
      'completes the move task and has moved nothing',
      started,
      [none, tasks({ Status: 'COMPLETED', StartedTimestamp: 1, ApproximateNumberOfMessagesMoved: 0 })],
    ],
    ['completes the move task without any count', () => json({}), [none, tasks({ Status: 'COMPLETED' })]],
    ['fails the move task', started, [none, tasks({ Status: 'FAILED', StartedTimestamp: 1 })]],
    ['fails to list move tasks with 500', started, [error('InternalFailure', 500)]],
    ['fails to list move tasks with 503', started, [error('ServiceUnavailable', 503)]],
    ['does not implement the list of move tasks', started, [error('NotImplemented', 501)]],
    ['does not know the list of move tasks', started, [error('InvalidAction', 400)]],
    [
      'answers the list of move tasks with a page',
      started,
      [{ kind: 'text', text: '<h1>Not found</h1>', status: 404 }],
    ],
    ['looks for another queue in the list of move tasks', started, [error('QueueDoesNotExist', 400)]],
    ['does not implement the start of move tasks', () => error('NotImplemented', 501), [none]],
    ['does not support the start of move tasks', () => error('UnsupportedOperation', 400), [none]],
    ['does not know the start of move tasks', () => error('InvalidAction', 400), [json({})]],
    ['looks for another queue at the start of a move task', () => error('ResourceNotFoundException', 404), [none]],
  ])('when the server %s', async (_, start, answers) => {
    await giveUp(12);
    answering(start, ...answers);
    const { status, stdout, stderr } = await rig.redrive('backup-dead');
    expect({ status, lastLine: stdout.split('\n').at(-1) }).toEqual({ status: 0, lastLine: '12 messages moved' });
    expect(stderr).toMatch(/: moving (them|the other messages) one by one$/);
    expect(rig.depths('backup', 'backup-dead')).toEqual({
      backup: { visible: 12, inFlight: 0 },
      'backup-dead': { visible: 0, inFlight: 0 },
    });
  });

  it('from the message at which SQS stops, and reports both parts', async () => {
    await giveUp(3);
    fake.send('backup-dead', { body: 'sent here by somebody', attributes: {} });
    bury('backup');
    const { status, stdout, stderr } = await rig.redrive('backup-dead');
    expect({ status, stdout: stdout.split('\n'), stderr: stderr.split('\n') }).toEqual({
      status: 1,
      stdout: [
        '3 messages moved by SQS',
        '1 to backup: unreadable (not-base64), dead-lettered for truncated',
        '1 stay: its source queue is unknown; give a destination with --to',
        '1 message moved',
      ],
      stderr: [
        'SQS stopped the move (CouldNotDetermineMessageSource): moving the other messages one by one',
        'messages that stay were released, which counts as a receive',
        '1 message could not be moved',
      ],
    });
    expect(rig.depths('backup')).toEqual({ backup: { visible: 4, inFlight: 0 } });
  });
});

describe('redrive names --by-hand and moves nothing', () => {
  it.each<[string, FaultScript, readonly [ReturnType<FaultScript>, ReturnType<FaultScript>?]]>([
    ['resets the connection at the list of move tasks', started, [{ kind: 'reset' }]],
    ['answers the list of move tasks with other text', started, [{ kind: 'text', text: 'hello', status: 200 }]],
    ['throttles the list of move tasks', started, [error('RequestThrottled')]],
    ['denies the list of move tasks', started, [error('AccessDenied')]],
    ['fails to start a move task, which may have begun', () => error('InternalFailure', 500), [none]],
    ['resets the connection at the start of a move task', () => ({ kind: 'reset' }), [none]],
    ['denies the start of move tasks', () => error('AccessDenied'), [none]],
  ])('when the server %s', async (_, start, answers) => {
    await giveUp(2);
    answering(start, ...answers);
    const { status, stdout, stderr } = await rig.redrive('backup-dead');
    expect({ status, stdout, stderr }).toEqual({
      status: 1,
      stdout: '',
      stderr: expect.stringMatching(/ Or add --by-hand\.$/),
    });
    expect(rig.depths('backup-dead')).toEqual({ 'backup-dead': { visible: 2, inFlight: 0 } });
  });
});

interface Report {
  readonly moved: number;
  readonly movedBySqs?: number;
  readonly failed?: number;
}

describe('redrive --dry-run', () => {
  const servers: [string, () => void][] = [
    ['that moves messages itself', () => undefined],
    ['without move tasks', () => answering(() => error('InvalidAction', 400), error('InvalidAction', 400))],
    [
      'that completes move tasks without moving',
      () => answering(started, none, tasks({ Status: 'COMPLETED', StartedTimestamp: 1 })),
    ],
  ];
  const contents: [string, () => Promise<void> | void][] = [
    ['messages that SQS has moved', () => giveUp(3)],
    [
      'messages with and without a known source',
      async () => {
        await giveUp(2);
        for (const queue of ['backup', 'admin', 'backup']) bury(queue);
        fake.send('backup-dead', { body: 'no note', attributes: {} });
      },
    ],
    [
      'a message that its queue does not take',
      () => {
        fake.createQueue('small', {
          maximumMessageSize: 1_024,
          redrive: { target: 'backup-dead', maxReceiveCount: 1 },
        });
        bury('small', 'x'.repeat(1_200));
        bury('small');
      },
    ],
  ];
  const rows = servers.flatMap(([server, setServer]) =>
    contents.map(([content, fill]) => ({ server, setServer, content, fill })),
  );

  it.each(rows)('promises what a run moves and leaves: a server $server, $content', async ({ setServer, fill }) => {
    await fill();
    setServer();
    const read = (text: string): Report => JSON.parse(text) as Report;
    const dry = read((await rig.redrive('backup-dead', '--dry-run', '--json')).stdout);
    const run = read((await rig.redrive('backup-dead', '--json')).stdout);
    expect({ moved: run.moved + (run.movedBySqs ?? 0), failed: run.failed ?? 0 }).toEqual({
      moved: dry.moved,
      failed: dry.failed,
    });
    expect(fake.depth('backup-dead').visible).toBe(dry.failed);
  });

  it.each<[string, string, RegExp]>([
    ['sending to the source queue', 'SendMessageBatch', /^2 stay: AccessDenied/m],
    ['deleting from the dead-letter queue', 'DeleteMessageBatch', /could not be deleted .* Grant sqs:DeleteMessage$/m],
    ['asking for move tasks', 'ListMessageMoveTasks', /Or add --by-hand\.$/m],
  ])('fails when the caller is not allowed %s', async (_, denied, text) => {
    await giveUp(2);
    fake.faults = ({ action }) => (action === denied ? { kind: 'error', error: 'AccessDenied' } : undefined);
    const { status, stdout, stderr } = await rig.redrive('backup-dead', '--dry-run');
    expect({ status, text: `${stdout}\n${stderr}` }).toEqual({ status: 1, text: expect.stringMatching(text) });
    expect(rig.depths('backup-dead')).toEqual({ 'backup-dead': { visible: 2, inFlight: 0 } });
  });
});
