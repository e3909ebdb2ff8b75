import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EmitAllError, ThriftRecordBuilder } from 'nestjs-sqs-thrift';
import { createMemoryQueue } from 'nestjs-sqs-thrift/testing';
import { closeAll, closeLater, TestClient, TestLog } from '../harness.js';

const log = new TestLog();

beforeEach(() => {
  log.lines.length = 0;
  Logger.overrideLogger(log);
});
afterEach(closeAll);

const jobs = (count: number) => Array.from({ length: count }, (_, id) => ({ job: { id } }));

describe('emitAll', () => {
  it('stores more calls than the buffer holds, and nothing is logged', async () => {
    const queue = createMemoryQueue();
    const client = closeLater(new TestClient(() => Promise.resolve(queue), { buffer: { calls: 10 } }));
    expect(await client.emitAll('run', jobs(500))).toEqual({ stored: 500, failed: 0, failures: [], ids: [] });
    expect([queue.depth().visible, client.opened, log.lines]).toEqual([500, 1, []]);
  });

  it('takes patterns and records as emit does, and returns ids in order', async () => {
    const queue = createMemoryQueue();
    const client = closeLater(new TestClient(() => Promise.resolve(queue)));
    const records = ['a', 'b'].map((group) => new ThriftRecordBuilder({ job: { id: 1 } }).setGroupId(group));
    const { ids } = await client.emitAll({ service: 'Jobs', method: 'run' }, records, { ids: true });
    expect(queue.messages().map(({ id, groupId }) => [id, groupId])).toEqual([
      [ids[0], 'a'],
      [ids[1], 'b'],
    ]);
  });

  it('calls the dispatch hook of Nest for each call', async () => {
    const queue = createMemoryQueue();
    const client = closeLater(new TestClient(() => Promise.resolve(queue)));
    let calls = 0;
    Object.assign(client, {
      onDispatchHook: (packet: object) => Object.assign(packet, { metadata: { trace: `t${(calls += 1)}` } }),
    });
    await client.emitAll('run', jobs(2));
    expect(queue.messages().map(({ attributes }) => attributes)).toEqual([{ trace: 't1' }, { trace: 't2' }]);
  });

  it.each<[string, unknown, object[], number, string]>([
    ['an item that does not fit the IDL', 'run', [{ job: { id: 1 } }, { job: { id: 'x' } }], 1, 'run.job.id'],
    ['an unknown method', 'rnu', jobs(1), 0, 'Jobs has no method "rnu"'],
    ['a pattern without a method', { cmd: 'run' }, jobs(1), 0, "emit takes 'method' or { service, method }"],
  ])('rejects with the position of %s and logs the failure', async (_, pattern, items, index, message) => {
    const client = closeLater(new TestClient(() => Promise.resolve(createMemoryQueue())));
    const error: unknown = await client.emitAll(pattern, items).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(EmitAllError);
    expect(error).toMatchObject({ index, stored: index, failed: 1 });
    expect((error as Error).message).toContain(message);
    expect(log.text()).toContain('was not stored by the queue');
  });

  it('stops at an item for which the dispatch hook fails', async () => {
    const client = closeLater(new TestClient(() => Promise.resolve(createMemoryQueue())));
    const hook = () => {
      throw new Error('no trace');
    };
    Object.assign(client, { onDispatchHook: hook });
    await expect(client.emitAll('run', jobs(2))).rejects.toMatchObject({ index: 0, failed: 1 });
  });
});
