import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ClientSqsThrift } from 'nestjs-sqs-thrift';
import { findService, loadSchemaFromText } from 'nestjs-sqs-thrift/idl';
import type { Fault } from '../fakes/sqs/faults.js';
import { Rig, moveReport } from './rig.js';

const Both = findService(
  loadSchemaFromText(`service Both {
    oneway void quick(1: i32 id) (sqs.queue = "quick"),
    oneway void slow(1: i32 id) (sqs.queue = "slow"),
  }`),
  'Both',
);

interface BothStub {
  quick(id: number): Promise<string>;
  slow(id: number): Promise<string>;
}

let rig: Rig;
let client: ClientSqsThrift;
beforeEach(async () => {
  Logger.overrideLogger(false);
  rig = await Rig.start();
  for (const name of ['quick', 'slow']) rig.fake.createQueue(name);
  client = new ClientSqsThrift({ ...rig.access, service: Both, flushTimeoutMs: 0 });
  await client.connect();
});
afterEach(async () => {
  await client.close();
  await rig.stop();
});

describe('a queue that is slower than another', () => {
  it.each<[what: string, fault: Fault]>([
    ['never answers', { kind: 'hang' }],
    ['is throttled', { kind: 'error', error: 'RequestThrottled' }],
    ['fails', { kind: 'error', error: 'InternalFailure', status: 500 }],
  ])('delays no call of another queue when a queue %s', async (_, fault) => {
    rig.fake.faults = ({ action, body }) =>
      action === 'SendMessageBatch' && String(body.QueueUrl).endsWith('/slow') ? fault : undefined;
    const both = client.getService<BothStub>(Both);
    // More than all requests and a full buffer of the slow one could hold up.
    const slow = Array.from({ length: 11_000 }, (__, id) => both.slow(id));
    const quick = Array.from({ length: 500 }, (__, id) => both.quick(id));
    let slowEnded = 0;
    for (const emit of slow.slice(0, 10_000)) void emit.finally(() => (slowEnded += 1)).catch(() => undefined);
    expect((await moveReport(quick)).stored.size).toBe(500);
    expect(slowEnded).toBe(0);
  });
});
