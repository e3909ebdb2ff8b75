import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { ClientSqsThrift, type ClientSqsThriftOptions, type OnewayStub } from 'nestjs-sqs-thrift';
import { access } from '../kit/access.js';
import { emitAll } from '../kit/emit-all.js';
import { event, eventBody, Visits } from '../kit/events.js';
import { RawSqs } from '../kit/raw-sqs.js';
import { DISCARDING } from '../queue-server/start.js';

/** Connects a way to send events. */
export type Way = (endpoint: string) => Promise<Sender>;

export interface Sender {
  /** Sends events of so many bytes. Resolves when all are stored. */
  send(events: number, bytes: number): Promise<void>;
  close(): Promise<void>;
}

/** Requests open at a time. */
const IN_FLIGHT = 4;
/** Messages of a request. */
export const BATCH = 10;
const QUEUE = DISCARDING;

/** Runs as many loops as requests may be open. Each sends a batch at a time, from a number on. */
async function inBatches(events: number, sendBatch: (from: number) => Promise<void>): Promise<void> {
  let next = 0;
  const loop = async (): Promise<void> => {
    while (next < events) await sendBatch((next += BATCH) - BATCH);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, loop));
}

/** Returns the entries of a batch. */
function entriesOf(from: number, bytes: number): { Id: string; MessageBody: string }[] {
  return Array.from({ length: BATCH }, (_, i) => ({ Id: String(i), MessageBody: eventBody(from + i, bytes) }));
}

/** Sends events as an application without a library does. */
const rawSdk: Way = (endpoint) => {
  const client = new SQSClient({ ...access, endpoint });
  const QueueUrl = `${endpoint}/000000000000/${QUEUE}`;
  return Promise.resolve({
    send: (events, bytes) =>
      inBatches(events, async (from) => {
        const command = new SendMessageBatchCommand({ QueueUrl, Entries: entriesOf(from, bytes) });
        const { Failed = [] } = await client.send(command);
        if (Failed.length > 0) throw new Error(`${Failed.length} events were not stored`);
      }),
    close: () => Promise.resolve(client.destroy()),
  });
};

/** Sends the same batches in requests that are written and signed by hand. */
const rawUndici: Way = (endpoint) => {
  const client = new RawSqs(endpoint, IN_FLIGHT);
  const QueueUrl = `${endpoint}/000000000000/${QUEUE}`;
  return Promise.resolve({
    send: (events, bytes) =>
      inBatches(events, async (from) => {
        const body = JSON.stringify({ QueueUrl, Entries: entriesOf(from, bytes) });
        const { Failed } = await client.request<{ readonly Failed?: readonly object[] }>('SendMessageBatch', body);
        if (Failed !== undefined) throw new Error(`${Failed.length} events were not stored`);
      }),
    close: () => client.close(),
  });
};

/** @param window emits without an answer at a time */
function own(window: number, options: Partial<ClientSqsThriftOptions>): Way {
  return async (endpoint) => {
    const client = new ClientSqsThrift({
      ...access,
      endpoint,
      queue: QUEUE,
      service: Visits,
      maxInFlight: IN_FLIGHT,
      buffer: { calls: 2 * window },
      ...options,
    });
    await client.connect();
    const { visited } = client.getService<OnewayStub>(Visits);
    return {
      send: (count, bytes) => emitAll(count, window, (i) => visited!(event(i, bytes).visit)),
      close: () => client.close(),
    };
  };
}

export const ways = {
  'raw SDK loop': rawSdk,
  'raw undici loop': rawUndici,
  batched: own(400, { dataPath: 'lean' }),
  'batched, SDK path': own(400, { dataPath: 'sdk' }),
  packed: own(8_000, { dataPath: 'lean', pack: true }),
  'packed, 64 KiB': own(40_000, { dataPath: 'lean', pack: { maxBytes: 65_536 } }),
} satisfies Readonly<Record<string, Way>>;

export type WayName = keyof typeof ways;
