import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  ClientSqsThrift,
  type ClientSqsThriftOptions,
  ServerSqsThrift,
  SqsThriftRecordBuilder,
} from 'nestjs-sqs-thrift';
import { findService, loadSchemaFromText } from 'nestjs-sqs-thrift/idl';
import { openSqsQueue, type ReceivedMessage, type MessageSender } from 'nestjs-sqs-thrift/port';
import { type EmbeddedSqs, startEmbeddedSqs } from 'nestjs-sqs-thrift/testing';
import { lastValueFrom } from 'rxjs';
import { closeAll, closeLater } from '../harness.js';

const schema = loadSchemaFromText(
  `
  service Photos {
    oneway void scale(1: string album) (sqs.group = "album"),
    oneway void move(1: string album, 2: string id) (sqs.queue = "moves.fifo", sqs.group = "album", sqs.dedup = "id"),
  } (sqs.queue = "photos")
  service Mails { oneway void send(1: string to) (sqs.delay = "20") }
  service Reports { oneway void make() (sqs.queue = "reports") }
  `,
  { fileName: 'photos.thrift' },
);
const [Photos, Mails, Reports] = ['Photos', 'Mails', 'Reports'].map((name) => findService(schema, name)) as [
  ReturnType<typeof findService>,
  ReturnType<typeof findService>,
  ReturnType<typeof findService>,
];

let sqs: EmbeddedSqs;
const access = () => ({ endpoint: sqs.endpoint, region: sqs.region, credentials: sqs.credentials });
beforeAll(async () => {
  sqs = await startEmbeddedSqs();
  const names = ['photos', 'moves.fifo', 'mails', 'reports', 'staging-photos', 'all'];
  for (const name of names) await sqs.createQueue(name);
});
afterAll(() => sqs.stop());
afterEach(closeAll);

const client = (options: Partial<ClientSqsThriftOptions> & Pick<ClientSqsThriftOptions, 'service'>) =>
  closeLater(new ClientSqsThrift({ ...access(), ...options }));

/** Receives and removes all messages of a queue. */
async function drain(name: string): Promise<readonly ReceivedMessage[]> {
  const queue = await openSqsQueue({ ...access(), queue: name });
  try {
    const messages = await queue.receive({ max: 10, waitSeconds: 0, visibilityTimeoutSeconds: 30 });
    if (messages.length > 0) await queue.acknowledge(messages);
    return messages;
  } finally {
    await queue.close();
  }
}

describe('a client of several services', () => {
  it('sends each call to the queue that the contract names, or else to the queue of the client', async () => {
    const all = client({ service: [Photos, Mails], queue: 'mails' });
    await Promise.all([
      lastValueFrom(all.emit('scale', { album: 'a1' })),
      lastValueFrom(all.emit('move', { album: 'a1', id: 'm1' })),
      lastValueFrom(all.emit('send', new SqsThriftRecordBuilder({ to: 'x' }).setDelay(0).build())),
    ]);
    const [scaled, moved, mailed] = await Promise.all(['photos', 'moves.fifo', 'mails'].map(drain));
    expect([scaled, moved, mailed].map((messages) => messages!.length)).toEqual([1, 1, 1]);
    expect(moved![0]!.groupId).toBe('a1');
    const ports = all.unwrap<ReadonlyMap<string | undefined, MessageSender>>();
    expect([...ports].map(([name, port]) => [name, port.name])).toEqual(
      expect.arrayContaining([
        ['photos', 'photos'],
        ['moves.fifo', 'moves.fifo'],
        [undefined, 'mails'],
      ]),
    );
  });

  it('deduplicates calls by the id that the contract names', async () => {
    const photos = client({ service: Photos });
    const ids = await Promise.all(
      ['m2', 'm2', 'm3'].map((id) => lastValueFrom(photos.emit<string>('move', { album: id, id }))),
    );
    expect(new Set(ids).size).toBe(2);
    expect((await drain('moves.fifo')).map(({ groupId }) => groupId)).toEqual(['m2', 'm3']);
  });

  it('prefers the ids of a record over the ids of the contract', async () => {
    const photos = client({ service: Photos });
    const record = new SqsThriftRecordBuilder({ album: 'a' }).setGroupId('mine').setDeduplicationId('once').build();
    await lastValueFrom(photos.emit('move', record));
    expect((await drain('moves.fifo')).map(({ groupId }) => groupId)).toEqual(['mine']);
  });

  it('delays a call by the seconds of the contract', async () => {
    await lastValueFrom(client({ service: Mails, queue: 'mails' }).emit('send', { to: 'later' }));
    expect(await drain('mails')).toEqual([]);
  });

  it('maps the queue names of the contract by the option queueNames', async () => {
    const photos = client({ service: Photos, queueNames: { photos: 'staging-photos' } });
    await lastValueFrom(photos.emit('scale', { album: 'a' }));
    expect(await drain('staging-photos')).toHaveLength(1);
    expect(await drain('photos')).toEqual([]);
  });

  it('rejects a call before any request when an id of the contract is not set', async () => {
    const photos = client({ service: Photos });
    await expect(lastValueFrom(photos.emit('scale', {}))).rejects.toMatchObject({
      code: 'missing-argument',
      message:
        'Photos.scale: the method takes { album }, and the argument album is missing; got no keys. sqs.group in photos.thrift needs the argument; set the argument, or set the id with ThriftRecordBuilder',
    });
  });
});

describe('the queues of a client', () => {
  it.each<[what: string, options: Partial<ClientSqsThriftOptions>, message: string]>([
    [
      'missing where a method names none',
      { service: [Photos, Mails] },
      'option queue is missing: Mails.send names no queue in its IDL. Give the name, URL or ARN of a queue.',
    ],
    [
      'given although every method names one',
      { service: Photos, queue: 'all' },
      'option queue would never be used: every method names its queue in the IDL (photos, moves.fifo). Use option queueNames or queuePrefix to rename these queues.',
    ],
    [
      'called otherwise than the contract calls them',
      { service: Photos, queueNames: { photo: 'x' } },
      'option queueNames: the contract names no queue "photo". The contract names photos, moves.fifo.',
    ],
  ])('refuses the queue options of a client: %s', (_, options, message) => {
    expect(() => new ClientSqsThrift(options as ClientSqsThriftOptions)).toThrow(new TypeError(message));
  });

  it('packs the calls of a standard queue and sends the calls of a FIFO queue singly', async () => {
    const emitter = client({ service: Photos, pack: true });
    const emits = ['packed-1', 'packed-2'].flatMap((id) => [
      emitter.emit('scale', { album: 'x' }),
      emitter.emit('move', { album: id, id }),
    ]);
    await Promise.all(emits.map((emit) => lastValueFrom(emit)));
    expect(await drain('photos')).toHaveLength(1);
    expect(await drain('moves.fifo')).toHaveLength(2);
  });
});

describe('the queue of a strategy', () => {
  it('receives from the queue that the contract names', async () => {
    const server = new ServerSqsThrift({ ...access(), service: Reports, waitTimeSeconds: 0 });
    await new Promise<void>((resolve, reject) => {
      server.listen((error?: unknown) => (error ? reject(error as Error) : resolve()));
    });
    expect(server.unwrap<MessageSender>().name).toBe('reports');
    await server.close();
  });

  it.each<[what: string, services: (typeof Photos)[], message: string]>([
    [
      'several',
      [Photos],
      'option queue is missing, and the contract has methods of several queues; give the name, URL or ARN of the queue to receive from',
    ],
    [
      'none',
      [Mails],
      'option queue is missing, and the contract names no queue; give the name, URL or ARN of the queue to receive from',
    ],
    [
      'one for some methods and none for others',
      [Reports, Mails],
      'option queue is missing, and the contract has methods of several queues; give the name, URL or ARN of the queue to receive from',
    ],
  ])('requires the option queue when the contract names %s', (_, service, message) => {
    expect(() => new ServerSqsThrift({ service })).toThrow(new TypeError(message));
  });
});
