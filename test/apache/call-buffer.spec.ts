import { createRequire } from 'node:module';
import { describe, expect, it, jest } from '@jest/globals';
import thrift from 'thrift';
import { SqsThriftTransport } from '../../lib/apache/sqs-thrift-transport.js';
import { PROTOCOLS } from '../vectors/protocols.js';
import { Bench, failure, outcome } from './harness.js';

type Callbacks = Record<string, (...args: unknown[]) => void>;

const require = createRequire(import.meta.url);

describe('a call that cannot be written', () => {
  it.each(PROTOCOLS)('rejects a call that waits for a reply (%s) and still sends the next call', async (protocol) => {
    const bench = await Bench.open({ protocol });
    const client = bench.client();
    expect(await outcome(client.ask('anyone?'))).toBe(
      'ContractError: "ask" expects a reply, which no queue can carry: declare the method oneway in the IDL and generate its code again',
    );
    void client.tell('after');
    await bench.transport.close();
    expect([bench.texts, bench.errors]).toEqual([['after'], []]);
  });

  it.each(PROTOCOLS)(
    'rejects a call with a value of the wrong type (%s) and still sends the next call',
    async (protocol) => {
      const bench = await Bench.open({ protocol });
      const client = bench.client();
      expect(await outcome(client.tell(7 as unknown as string))).toMatch(/^ThriftWriteError: /);
      void client.tell('after');
      await bench.transport.close();
      expect([bench.texts, bench.errors]).toEqual([['after'], []]);
    },
  );

  it('a method with a callback throws the write error and does not call the callback', async () => {
    const { transport, queue } = await Bench.open();
    const Base = require('../thrift/generated/node/Tester.js') as thrift.TClientConstructor<Callbacks>;
    const client = thrift.createClient(Base, transport.connection());
    const called: unknown[] = [];
    const callback = (error: unknown): void => void called.push(error);
    expect(() => client.flags!('no boolean', true, true, callback)).toThrow(/bool/);
    expect(called).toEqual([]);
    client.flags!(true, true, true, callback);
    await transport.flushed();
    expect([called, queue.messages().length]).toEqual([[null], 1]);
  });

  it('clears sent when a call cannot be written', async () => {
    const bench = await Bench.open();
    const client = bench.client();
    void client.tell('stored');
    expect(await outcome(bench.transport.sent)).toMatch(/^resolved .{36}$/);
    await outcome(client.ask('anyone?'));
    expect(bench.transport.sent).toBeUndefined();
  });
});

describe('a call that is not stored', () => {
  it('reports the error of a call to onError, flushed and sent without an unhandled rejection', async () => {
    const bench = await Bench.open({ maxAttempts: 2 });
    bench.queue.fail('send', ({ entries }) => Array.from({ length: entries }, () => failure()));
    bench.tell(bench.transport, 'lost');
    bench.tell(bench.transport, 'lost too');
    const { sent } = bench.transport;
    await bench.clock.advance(60_000);
    expect(bench.errors).toEqual(['tell: Scripted: by script', 'tell: Scripted: by script']);
    // A rejection that nobody has looked at by now would have failed this test.
    expect(await outcome(bench.transport.flushed())).toBe('QueueError: Scripted: by script');
    expect(await outcome(bench.transport.flushed())).toBe('resolved undefined');
    expect(await outcome(sent)).toBe('QueueError: Scripted: by script');
  });

  it('retries a failed send before reporting an error', async () => {
    const bench = await Bench.open();
    bench.queue.fail('send', 3);
    bench.tell(bench.transport, 'x');
    await bench.clock.advance(60_000);
    await bench.transport.flushed();
    expect([bench.texts, bench.errors]).toEqual([['x'], []]);
  });

  it('rejects a call over the message size limit and sends the other calls', async () => {
    const bench = await Bench.open({}, { limits: { messageBytes: 1024 } });
    bench.tell(bench.transport, 'x'.repeat(1000));
    bench.tell(bench.transport, 'fits');
    expect(await outcome(bench.transport.flushed())).toMatch(
      /^PublishError: tell takes \d+ bytes with its attributes, and memory accepts 1024/,
    );
    expect([bench.texts, bench.errors.length]).toEqual([['fits'], 1]);
  });

  it('rejects a call without a message group on a FIFO queue', async () => {
    const bench = await Bench.open({}, { fifo: true });
    bench.tell(bench.transport, 'x');
    expect(await outcome(bench.transport.sent)).toBe(
      'PublishError: tell: memory.fifo is a FIFO queue or topic, so every call needs a message group id. Give a groupId, or set sqs.group in the IDL.',
    );
  });

  it('rejects a call when the send buffer is full', async () => {
    const bench = await Bench.open({ buffer: { calls: 1 } });
    bench.tell(bench.transport, 'first');
    bench.tell(bench.transport, 'second');
    expect(await outcome(bench.transport.sent)).toMatch(/^BufferFullError: /);
    await outcome(bench.transport.flushed());
    expect(bench.texts).toEqual(['first']);
  });

  it('rejects flushed with the send error even when onError throws', async () => {
    const onError = (): void => {
      throw new Error('a fault of the listener');
    };
    const bench = await Bench.open({ onError });
    bench.queue.fail('send', () => failure('invalid'));
    bench.tell(bench.transport, 'x');
    expect(await outcome(bench.transport.flushed())).toBe('QueueError: Scripted: by script');
  });
});

describe('a transport without onError', () => {
  it('emits one process warning for the first of several failures in a row', async () => {
    const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const bench = await Bench.open({ onError: undefined });
    const store = (): Promise<string> => {
      bench.tell(bench.transport, 'x');
      return outcome(bench.transport.sent);
    };
    bench.queue.fail('send', () => failure('invalid'));
    await store();
    await store();
    bench.queue.fail('send', 0);
    expect(await store()).toMatch(/^resolved /);
    bench.queue.fail('send', () => failure('denied'));
    await store();
    const line = 'tell was not stored by memory: Scripted: by script (pass onError to receive every failure)';
    expect(warn.mock.calls).toEqual(Array(2).fill([line, { type: 'SqsThriftTransportWarning' }]));
    warn.mockRestore();
  });
});

describe('opening a transport', () => {
  it('rejects invalid options', async () => {
    const open = (): Promise<never> => Promise.reject(new Error('must not be asked'));
    expect(await outcome(SqsThriftTransport.openWith(open, { protocol: 'xml' as 'json' }))).toBe(
      "TypeError: protocol must be 'binary' or 'compact' or 'json', got the text \"xml\"",
    );
    expect(await outcome(SqsThriftTransport.openWith(open, { maxInFlight: 0 }))).toMatch(/^RangeError: .*maxInFlight/);
  });

  it('rejects with the error of the queue, and sends each call singly to a FIFO queue with pack', async () => {
    const open = (): Promise<never> => Promise.reject(failure('denied'));
    expect(await outcome(SqsThriftTransport.openWith(open))).toBe('QueueError: Scripted: by script');
    const bench = await Bench.open({ pack: true }, { fifo: true });
    for (const text of ['a', 'b']) void bench.client({ groupId: 'g', deduplicationId: text }).tell(text);
    await bench.transport.flushed();
    expect(bench.queue.messages()).toHaveLength(2);
  });
});
