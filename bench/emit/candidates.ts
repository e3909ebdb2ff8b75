import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { ClientSqsThrift, type ClientSqsThriftOptions, type OnewayStub } from 'nestjs-sqs-thrift';
import { emitAll } from '../emit-all.js';
import { codec, event, Visits } from '../events.js';

/** Describes a way to send events. */
export interface Candidate {
  readonly name: string;
  /** Number of events of a sample. */
  readonly events: number;
  /** Sends a number of events. Resolves when all are stored. */
  start(endpoint: string): Promise<{ send(events: number): Promise<void>; close(): Promise<void> }>;
}

const access = { region: 'us-east-1', credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' } };
const IN_FLIGHT = 4;
const BATCH = 10;

/**
 * Sends events as an application without a library does: batches of ten, a few requests open at
 * once.
 */
const raw: Candidate = {
  name: 'raw SDK loop',
  events: 20_000,
  start(endpoint) {
    const client = new SQSClient({ ...access, endpoint });
    const QueueUrl = `${endpoint}/0/bench`;
    const sendBatch = async (from: number): Promise<void> => {
      const Entries = Array.from({ length: BATCH }, (_, i) => ({
        Id: String(i),
        MessageBody: codec.encodeBody({ method: 'visited', args: event(from + i) }, 'text') as string,
      }));
      const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
      if (Failed.length > 0) throw new Error(`${Failed.length} events were not stored`);
    };
    return Promise.resolve({
      async send(events: number) {
        let next = 0;
        const loop = async (): Promise<void> => {
          while (next < events) await sendBatch((next += BATCH) - BATCH);
        };
        await Promise.all(Array.from({ length: IN_FLIGHT }, loop));
      },
      close: () => Promise.resolve(client.destroy()),
    });
  },
};

function own(name: string, events: number, window: number, options: Partial<ClientSqsThriftOptions>): Candidate {
  return {
    name,
    events,
    async start(endpoint) {
      const client = new ClientSqsThrift({
        ...access,
        endpoint,
        queue: 'bench',
        service: Visits,
        maxInFlight: IN_FLIGHT,
        buffer: { calls: 2 * window },
        ...options,
      });
      await client.connect();
      const { visited } = client.getService<OnewayStub>(Visits);
      return { send: (count) => emitAll(count, window, (i) => visited!(event(i).visit)), close: () => client.close() };
    },
  };
}

export const candidates: readonly Candidate[] = [
  raw,
  own('batched', 20_000, 400, {}),
  own('packed', 300_000, 8_000, { pack: true }),
  own('packed, 64 KiB', 300_000, 40_000, { pack: { maxBytes: 65_536 } }),
];
