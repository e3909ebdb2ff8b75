import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DEAD_LETTER_ATTRIBUTE } from '../../../../lib/queue/dead-letter-note.js';
import { call } from '../../../fakes/sqs/call.js';
import type { Draft } from '../../../fakes/sqs/model.js';
import type { SqsFake } from '../../../fakes/sqs/sqs-fake.js';
import { RedriveRig } from '../redrive-rig.js';

let rig: RedriveRig;
let fake: SqsFake;

beforeEach(async () => {
  rig = await RedriveRig.start();
  fake = rig.fake;
});
afterEach(() => rig.stop());

const note = (queue: string): Draft['attributes'] => ({
  [DEAD_LETTER_ATTRIBUTE]: { DataType: 'String', StringValue: JSON.stringify({ reason: 'truncated', queue }) },
});
/** Stores bodies in a dead-letter queue as a worker does. */
const bury = (count: number, queue = 'backup'): void => {
  for (let at = 0; at < count; at += 1) fake.send('backup-dead', { body: `m${at}`, attributes: note(queue) });
};

describe('redrive by hand', () => {
  beforeEach(() => void fake.createQueue('plain'));

  it('keeps the body, attributes, message group and trace header of a message', async () => {
    const attributes: Draft['attributes'] = {
      ...note('plain'),
      text: { DataType: 'String', StringValue: 'ä' },
      number: { DataType: 'Number.int', StringValue: '7' },
      bytes: { DataType: 'Binary', BinaryValue: Buffer.from([0, 255]) },
    };
    const draft = { body: '["pointer",{}]', attributes, groupId: 'g', traceHeader: 'Root=1-5759e988-bd862e3fe1be46a9' };
    fake.createQueue('other-dead');
    fake.send('other-dead', draft);
    expect(await rig.redrive('other-dead', '--source', 'plain')).toMatchObject({ status: 0 });
    expect(fake.messages('plain')).toMatchObject([draft]);
    expect(fake.messages('other-dead')).toEqual([]);
  });

  it('finds the destination queue at the endpoint of the queue URL given with --queue', async () => {
    bury(1, 'plain');
    const args = ['redrive', '--queue', `${fake.endpoint}/000000000000/backup-dead`, '--yes', '--source', 'plain'];
    // Nothing answers at the endpoint that is configured.
    const env = { AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' };
    const ended = await rig.run(args, { env });
    expect(ended).toMatchObject({ status: 0, stderr: '' });
    expect(rig.depths('plain')).toEqual({ plain: { visible: 1, inFlight: 0 } });
  });

  it('keeps the order of message groups when a message cannot be moved', async () => {
    fake.createQueue('orders.fifo');
    fake.createQueue('orders-dead.fifo');
    const send = (body: string, groupId: string, queue = 'orders.fifo'): void =>
      void fake.send('orders-dead.fifo', { body, groupId, deduplicationId: body, attributes: note(queue) });
    for (const body of ['a1', 'a2', 'a3']) send(body, 'a');
    send('b1', 'b');
    send('b2', 'b', 'nowhere.fifo');
    send('b3', 'b');
    for (let at = 4; at < 14; at += 1) send(`a${at}`, 'a');
    const { status, stdout, stderr } = await rig.redrive('orders-dead.fifo', '--source', 'orders.fifo');
    expect(status).toBe(1);
    expect(stdout).toContain('1 stay: an earlier message of its group stays');
    expect(stderr).toContain('a FIFO queue shows nothing behind a message that stays: there may be more messages');
    const bodies = fake.messages('orders.fifo').map(({ body }) => body);
    expect(bodies.filter((body) => body.startsWith('a'))).toEqual(Array.from({ length: 13 }, (_, at) => `a${at + 1}`));
    expect(bodies.filter((body) => body.startsWith('b'))).toEqual(['b1']);
    expect(fake.messages('orders-dead.fifo').map(({ body, state }) => [body, state])).toEqual([
      ['b2', 'visible'],
      ['b3', 'visible'],
    ]);
  });

  it('counts and sends a message once when SQS delivers the message twice', async () => {
    bury(30, 'plain');
    fake.send('backup-dead', { body: 'stays', attributes: {} });
    let duplicated = false;
    fake.faults = ({ action }) => {
      if (action !== 'ReceiveMessage' || duplicated) return undefined;
      duplicated = true;
      return { kind: 'duplicate' };
    };
    const { stdout } = await rig.redrive('backup-dead', '--source', 'plain', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ moved: 30, failed: 1 });
    expect(rig.depths('plain', 'backup-dead')).toEqual({
      plain: { visible: 30, inFlight: 0 },
      'backup-dead': { visible: 1, inFlight: 0 },
    });
  });

  it('keeps a message in the dead-letter queue when its copy is not stored', async () => {
    bury(3, 'plain');
    const failure = { Code: 'InvalidMessageContents', SenderFault: true };
    fake.faults = ({ action }) =>
      action === 'SendMessageBatch' ? { kind: 'fail-entries', entries: new Map([[1, failure]]) } : undefined;
    const { status, stdout } = await rig.redrive('backup-dead', '--source', 'plain', '--limit', '3', '--json');
    expect({ status, report: JSON.parse(stdout) }).toMatchObject({ status: 1, report: { moved: 2, failed: 1 } });
    expect(fake.messages('plain').map(({ body }) => body)).toEqual(['m0', 'm2']);
    expect(fake.messages('backup-dead')).toMatchObject([{ body: 'm1', state: 'visible' }]);
  });

  it('keeps a message with an unreadable attribute and prints how to move or delete the message', async () => {
    const MessageAttributes: unknown = JSON.parse('{"__proto__":{"DataType":"String","StringValue":"x"}}');
    await call(fake, 'SendMessage', { queue: 'backup-dead', MessageBody: 'strange', MessageAttributes });
    // The lean data path reads this attribute, which the SDK loses.
    const env = { NESTJS_SQS_THRIFT_DATA_PATH: 'sdk' };
    const args = ['redrive', '--queue', 'backup-dead', '--by-hand', '--to', 'plain', '--yes'];
    const { status, stdout } = await rig.run(args, { env });
    expect({ status, firstLine: stdout.split('\n')[0] }).toEqual({
      status: 1,
      firstLine:
        '1 stay: the body or an attribute cannot be read, so it cannot be copied exactly. Run redrive without --by-hand, --limit ' +
        'and filters to let SQS move it, or take it out with peek --take',
    });
    const taken = await rig.run(['peek', '--take', '--queue', 'backup-dead']);
    expect(taken.stdout).toContain('\nbody: strange');
    expect(rig.depths('backup-dead', 'plain')).toEqual({
      'backup-dead': { visible: 0, inFlight: 0 },
      plain: { visible: 0, inFlight: 0 },
    });
  });

  it('prints how many moved messages could not be deleted', async () => {
    bury(2, 'plain');
    const failure = { Code: 'AccessDenied', SenderFault: true };
    fake.faults = ({ action }) =>
      action === 'DeleteMessageBatch' ? { kind: 'fail-entries', entries: new Map([[0, failure]]) } : undefined;
    const { status, stdout, stderr } = await rig.redrive('backup-dead', '--source', 'plain');
    expect({ status, lastLine: stdout.split('\n').at(-1), stderr }).toEqual({
      status: 1,
      lastLine: '2 messages moved',
      stderr: '1 message moved but not deleted, so this queue still has them too',
    });
  });

  it('releases the held messages when a receive fails', async () => {
    for (let at = 0; at < 20; at += 1) fake.send('backup-dead', { body: `m${at}`, attributes: {} });
    fake.faults = ({ action, number }) =>
      action === 'ReceiveMessage' && number >= 5 ? { kind: 'error', error: 'OverLimit' } : undefined;
    const { status, stdout, stderr } = await rig.redrive('backup-dead', '--source', 'plain', '--json');
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringMatching(/^OverLimit: .*$/) });
    expect(JSON.parse(stdout)).toMatchObject({ moved: 0, failed: 20 });
    expect(rig.depths('backup-dead')).toEqual({ 'backup-dead': { visible: 20, inFlight: 0 } });
  });

  it('leaves each message visible in exactly one queue on Ctrl-C', async () => {
    for (let at = 0; at < 1_000; at += 1) {
      fake.send('backup-dead', { body: `m${at}`, attributes: at % 2 === 0 ? note('plain') : {} });
    }
    const sent = fake.log.arrival(({ action, number }) => action === 'SendMessageBatch' && number === 5);
    const running = rig.begin('backup-dead', '--source', 'plain', '--json');
    await sent;
    running.kill('SIGINT');
    const { status, stdout, stderr } = await running.ended;
    expect({ status, stderr }).toEqual({ status: 1, stderr: 'interrupted; the other messages are still in the queue' });
    const { moved } = JSON.parse(stdout) as { moved: number };
    expect(moved).toBeLessThan(500);
    expect(rig.depths('plain', 'backup-dead')).toEqual({
      plain: { visible: moved, inFlight: 0 },
      'backup-dead': { visible: 1_000 - moved, inFlight: 0 },
    });
    const bodies = ['plain', 'backup-dead'].flatMap((queue) => fake.messages(queue).map(({ body }) => body));
    expect(new Set(bodies).size).toBe(1_000);
  });
});
