import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import thrift from 'thrift';
import { createEventCodec } from '../../lib/event/event-codec.js';
import { findService } from '../../lib/idl/find-service.js';
import { loadService } from '../../lib/idl/load-schema.js';
import type { QueueFeatures, MessageSender } from '../../lib/queue/queue.js';
import type { WireMessage } from '../../lib/queue/wire-message.js';
import { createMemoryQueue } from '../../lib/carriers/memory/memory-queue.js';
import { SqsThriftTransport } from '../../lib/apache/sqs-thrift-transport.js';
import BackupQueue from '../thrift/generated/transport/BackupQueue.js';
import { BackupRequest } from '../thrift/generated/transport/backup_types.js';
import Replies from '../thrift/generated/transport/Replies.js';
import { FLAVOURS, instanceOf, TORTURE_SCHEMA } from '../thrift/generated-code.js';
import { TORTURE } from '../thrift/torture-values.js';
import { PROTOCOLS } from '../vectors/protocols.js';
import { Bench, RepliesService } from './harness.js';

type Client = Record<string, (...args: unknown[]) => Promise<void>>;

const require = createRequire(import.meta.url);
const ROWS = FLAVOURS.flatMap((flavour) => PROTOCOLS.map((protocol) => [flavour, protocol] as const));

describe.each(ROWS)('a client of the Apache compiler (%s) over the %s protocol', (flavour, protocol) => {
  const codec = createEventCodec([findService(TORTURE_SCHEMA, 'Tester')], { protocol });

  it('sends the same bodies as the event codec of this package', async () => {
    const { transport, queue } = await Bench.open({ protocol });
    const Tester = require(`../thrift/generated/${flavour}/Tester.js`) as thrift.TClientConstructor<Client>;
    const client = thrift.createClient(Tester, transport.connection());
    const torture = instanceOf(flavour, { kind: 'struct', id: 'torture.Torture' }, TORTURE);
    await client.run!(torture, true, 7);
    await client.ping!();
    await client.flags!(true, false, true);
    await transport.close();
    const calls = [
      { method: 'run', args: { torture: TORTURE, urgent: true, seed: 7 } },
      { method: 'ping', args: {} },
      { method: 'flags', args: { a: true, b: false, c: true } },
    ];
    const ours = calls.map((call) => codec.encodeBody(call, 'text'));
    expect(queue.messages().map(({ body }) => body)).toEqual(ours);
  });
});

describe('a client of the Apache compiler', () => {
  it('uses the binary protocol by default', async () => {
    const { transport, queue } = await Bench.open();
    const client = thrift.createClient(BackupQueue, transport.connection());
    const request = { id: 'b', userId: 'u', requestedAt: new thrift.Int64(5), excludedFolders: ['tmp'] };
    void client.startBackup(new BackupRequest(request));
    await transport.flushed();
    const codec = createEventCodec([loadService('idl/backup.thrift', 'BackupQueue')]);
    const [call] = codec.decode(queue.messages()[0]!.body);
    expect(queue.messages()[0]!.body).toMatch(/^gAEABAAAAAtzdGFydEJhY2t1c/);
    expect(call).toEqual({
      service: 'BackupQueue',
      method: 'startBackup',
      args: { request: { id: 'b', userId: 'u', requestedAt: 5n, excludedFolders: new Set(['tmp']) } },
    });
  });

  it.each(PROTOCOLS)('writes the service name for a client made by a Multiplexer (%s)', async (protocol) => {
    const { transport, queue } = await Bench.open({ protocol });
    const connection = transport.connection();
    const client = new thrift.Multiplexer().createClient('Replies', Replies, connection);
    await client.tell('x');
    await transport.flushed();
    const ours = createEventCodec([RepliesService], { protocol, multiplexed: true });
    const call = { method: 'tell', args: { text: 'x' } };
    expect(queue.messages()).toMatchObject([{ body: ours.encodeBody(call, 'text') }]);
    // What a reply would be for is not kept.
    expect(connection.seqId2Service).toEqual({});
  });

  it('shares a connection with another client', async () => {
    const bench = await Bench.open();
    const connection = bench.transport.connection();
    const clients = [thrift.createClient(Replies, connection), thrift.createClient(Replies, connection)];
    for (const [index, client] of clients.entries()) void client.tell(`of ${index}`);
    await bench.transport.flushed();
    expect(bench.texts).toEqual(['of 0', 'of 1']);
  });

  it('sends bytes to a queue that carries bytes', async () => {
    const queue = createMemoryQueue();
    const features: QueueFeatures = { ...queue.features, body: 'bytes' };
    const sent: WireMessage[] = [];
    const port: MessageSender = {
      name: 'bytes',
      features,
      limits: queue.limits,
      send: (messages) => queue.send(messages.map((message) => (sent.push(message), { body: 'x' }))),
      close: () => queue.close(),
    };
    const transport = await SqsThriftTransport.openWith(() => Promise.resolve(port));
    await thrift.createClient(Replies, transport.connection()).tell('x');
    await transport.close();
    const ours = createEventCodec([RepliesService]).encode({ method: 'tell', args: { text: 'x' } });
    expect(sent).toEqual([{ body: ours }]);
  });

  it('sends a call when the client flushes the protocol instead of the transport', async () => {
    const bench = await Bench.open();
    const { transport: Output, protocol: Protocol } = bench.transport.connection() as unknown as {
      transport: new () => thrift.TTransport;
      protocol: thrift.TProtocolConstructor;
    };
    const protocol = new Protocol(new Output());
    protocol.writeMessageBegin('tell', thrift.Thrift.MessageType.ONEWAY, 1);
    protocol.writeStructBegin('args');
    protocol.writeFieldStop();
    protocol.writeStructEnd();
    protocol.writeMessageEnd();
    await bench.transport.flushed();
    expect(bench.queue.messages()).toHaveLength(0);
    protocol.flush();
    await bench.transport.flushed();
    expect(bench.queue.messages()).toHaveLength(1);
  });
});
