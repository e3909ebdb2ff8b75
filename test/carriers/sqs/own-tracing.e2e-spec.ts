import { SQSClient, type SendMessageBatchRequestEntry } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Queue } from '#lib/queue/queue.js';
import { openFake, startFake, credentials } from './open-fake.js';
import type { SqsFake } from '../../fakes/sqs/sqs-fake.js';

type Command = Parameters<SQSClient['send']>[0];

/** Writes attributes into every entry before the request, as the instrumentation of OpenTelemetry does. */
class InstrumentedClient extends SQSClient {
  injected: Readonly<Record<string, string>> = {};

  constructor(endpoint: string) {
    super({ endpoint, region: 'us-east-1', credentials, md5: false });
    const send = this.send.bind(this) as (command: Command, ...rest: never[]) => never;
    this.send = ((command: Command, ...rest: never[]) => {
      const { Entries = [] } = command.input as { Entries?: SendMessageBatchRequestEntry[] };
      for (const entry of Entries) {
        entry.MessageAttributes ??= {};
        for (const [name, StringValue] of Object.entries(this.injected)) {
          entry.MessageAttributes[name] = { DataType: 'String', StringValue };
        }
      }
      return send(command, ...rest);
    }) as never;
  }
}

describe('the tracing attributes of a call behind an instrumentation of the SDK', () => {
  let fake: SqsFake;
  let client: InstrumentedClient;
  let queue: Queue;
  beforeAll(async () => {
    fake = await startFake();
    client = new InstrumentedClient(fake.endpoint);
    queue = await openFake(fake, { client, endpoint: undefined, credentials: undefined, region: undefined });
    fake.on('SendMessageBatch', ({ body }) => ({
      json: { Successful: (body.Entries as { Id: string }[]).map(({ Id }) => ({ Id, MessageId: `m${Id}` })) },
    }));
  });
  afterAll(async () => {
    await queue.close();
    client.destroy();
    await fake.stop();
  });

  /** Sends messages with these attributes, and returns the attributes of the request. */
  async function sent(...attributes: Record<string, string>[]): Promise<Record<string, string>[]> {
    const arrival = fake.log.arrival('SendMessageBatch');
    await queue.send(attributes.map((own) => ({ body: 'x', attributes: own })));
    const { Entries } = (await arrival).body as { Entries: SendMessageBatchRequestEntry[] };
    return Entries.map(({ MessageAttributes = {} }) =>
      Object.fromEntries(Object.entries(MessageAttributes).map(([name, { StringValue }]) => [name, StringValue!])),
    );
  }

  it.each(['traceparent', 'b3', 'X-Amzn-Trace-Id', 'sentry-trace'])(
    'keeps the own %s of each message, whole, and lets the others have the context of the request',
    async (name) => {
      client.injected = { [name]: 'request', tracestate: 'request' };
      expect(await sent({ [name]: 'a', tenant: 't' }, { tenant: 't' }, { [name]: 'b' })).toEqual([
        { [name]: 'a', tenant: 't' },
        { tenant: 't', [name]: 'request', tracestate: 'request' },
        { [name]: 'b' },
      ]);
    },
  );

  it('lets middleware of the client change other attributes', async () => {
    client.injected = { tenant: 'encrypted' };
    expect(await sent({ tenant: 'plain', traceparent: 'a' })).toEqual([{ tenant: 'encrypted', traceparent: 'a' }]);
  });

  it('keeps the own context when a request is repeated', async () => {
    client.injected = { traceparent: 'request' };
    fake.on('SendMessageBatch', { error: 'ServiceUnavailable', status: 503 });
    await expect(sent({ traceparent: 'a' })).rejects.toMatchObject({ kind: 'service' });
    const requests = fake.log.requests.filter(({ action }) => action === 'SendMessageBatch').slice(-2);
    expect(requests).toHaveLength(2);
    for (const { body } of requests) expect(JSON.stringify(body)).not.toContain('"request"');
  });
});
