import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type BaseThriftClient,
  SqsThriftRecordBuilder,
  ThriftRecordBuilder,
  type ThriftService,
} from 'nestjs-sqs-thrift';
import { findService, loadSchemaFromText } from 'nestjs-sqs-thrift/idl';
import { lastValueFrom } from 'rxjs';
import type { CarrierQueue, StartedCarrier } from './carrier.js';
import { CARRIERS } from './carriers.js';
import { clientOf, RunningApp } from './running-app.js';

const args = { kind: 0 };
const record = (): SqsThriftRecordBuilder => new SqsThriftRecordBuilder(args);

/** The metadata of a record, and the code of its refusal on a carrier without the feature. */
const METADATA = [
  ['attributes', 'attributes', 'attributes-refused', () => record().setAttributes({ tenant: 'acme' })],
  ['an event id', 'attributes', 'attributes-refused', () => record().setEventId('backup-17')],
  ['a message group id', 'attributes', 'id-refused', () => new ThriftRecordBuilder(args).setGroupId('alice')],
  ['a deduplication id', 'attributes', 'id-refused', () => record().setDeduplicationId('backup-17')],
  ['a delay', 'delay', 'delay-refused', () => record().setDelay(5)],
] as const;

/** A contract whose routing is for SQS. A deduplication id is for FIFO queues. */
function routedBy(annotations: string): ThriftService {
  const idl = `service Outcomes {
    oneway void succeed(1: i32 kind) (${annotations})
    oneway void complete() (sqs.delay = "5")
  }`;
  return findService(loadSchemaFromText(idl), 'Outcomes');
}

/** Returns the error of a call that is refused. */
async function refusal(client: BaseThriftClient, method: string, data: unknown): Promise<unknown> {
  return lastValueFrom(client.emit(method, data)).then(
    () => 'the call was not refused',
    (error: unknown) => error,
  );
}

describe.each(CARRIERS.map((carrier) => [carrier.name, carrier] as const))('metadata over %s', (_, carrier) => {
  let started: StartedCarrier;
  let queue: CarrierQueue;
  let running: RunningApp;
  const clients: BaseThriftClient[] = [];

  beforeAll(async () => {
    started = await carrier.start();
    queue = await started.open();
    running = await RunningApp.start(carrier, queue);
  });
  afterAll(async () => {
    await running?.close();
    await started?.stop();
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.close();
  });

  const routed = (annotations = 'sqs.group = "kind"'): BaseThriftClient => {
    const client = clientOf(carrier, queue, routedBy(annotations));
    clients.push(client);
    return client;
  };
  const refused = METADATA.filter(([, feature]) => !carrier.features[feature]);
  // A deduplication id is for FIFO queues, which the carriers of this table are not.
  const carried = METADATA.filter(([name, feature]) => carrier.features[feature] && name !== 'a deduplication id');

  for (const [name, , , data] of carried) {
    it(`carries ${name}`, async () => {
      expect(await refusal(running.client, 'succeed', data())).toBe('the call was not refused');
    });
  }

  for (const [name, , code, data] of refused) {
    it(`refuses ${name}, names the carrier, and sends the next call`, async () => {
      const error = await refusal(running.client, 'succeed', data());
      expect(error).toMatchObject({
        code,
        message: expect.stringContaining(running.client.unwrap<{ name: string }>().name),
      });
      expect((error as Error).message).toMatch(/Leave out the /);
      expect(await running.outcomesOf('succeed', args)).toEqual([['ack', 1]]);
    });
  }

  const annotations = carrier.features.attributes ? 'sqs.group = "kind"' : 'sqs.group = "kind", sqs.dedup = "kind"';
  it(`${carrier.features.attributes ? 'carries' : 'ignores'} what the contract says with ${annotations}`, async () => {
    const from = running.settled.length;
    await lastValueFrom(routed(annotations).emit('succeed', args));
    await running.untilSettled(from + 1);
    expect(running.settled.slice(from)).toMatchObject([{ outcome: 'ack', methods: ['succeed'] }]);
  });

  if (!carrier.features.delay) {
    it('refuses a method with a delay in its contract', async () => {
      expect(await refusal(routed(), 'complete', {})).toMatchObject({ code: 'delay-refused' });
    });
  }
});
