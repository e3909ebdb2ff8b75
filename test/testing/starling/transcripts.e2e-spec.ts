import { afterEach, describe, expect, it } from '@jest/globals';
import { type EmbeddedStarling, startEmbeddedStarling, VirtualClock } from 'nestjs-sqs-thrift/testing';
import { RawClient } from '../../fakes/starling/raw-client.js';

/** Answers of real servers: Starling 0.10.0 and Siberite 0.6.4, as they were recorded byte by byte. */
type Transcript = readonly (readonly [sent: string, answer: string])[];

const open: { close(): unknown }[] = [];
const servers: EmbeddedStarling[] = [];

afterEach(async () => {
  for (const one of open.splice(0)) one.close();
  for (const one of servers.splice(0)) await one.stop();
});

async function start(
  server: 'starling' | 'siberite' | 'kestrel',
  clock?: VirtualClock,
): Promise<EmbeddedStarling & { dial(): Promise<RawClient> }> {
  const started = await startEmbeddedStarling({ server, clock });
  servers.push(started);
  return Object.assign(started, {
    dial: async () => {
      const client = await RawClient.open(started.port);
      open.push(client);
      return client;
    },
  });
}

async function replay(client: RawClient, transcript: Transcript): Promise<void> {
  for (const [sent, answer] of transcript) {
    client.send(sent);
    expect([sent, await client.read(answer)]).toEqual([sent, answer]);
  }
}

const BAD = 'CLIENT_ERROR bad command line format\r\n';
const STORED = 'STORED\r\n';
const END = 'END\r\n';
const value = (queue: string, body: string): string => `VALUE ${queue} 0 ${body.length}\r\n${body}\r\n${END}`;
const set = (queue: string, body: string): string => `set ${queue} 0 0 ${body.length}\r\n${body}\r\n`;
const EVERY = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join('');
const THRIFT = '\x80\x01\x00\x04\x00\x00\x00\x00\x00\r\n\r\nEND\r\n\xff\xff';

const STARLING: Readonly<Record<string, Transcript>> = {
  'does not know version': [['version\r\n', BAD]],
  'stores and gives an item, whose flags are 0': [
    ['set q 5 0 3\r\ntwo\r\n', STORED],
    ['get q\r\n', value('q', 'two')],
    ['get q\r\n', END],
  ],
  'answers END to every option of a get': [
    [set('q', 'two'), STORED],
    ['get q/open\r\n', END],
    ['get q/close/open\r\n', END],
    ['get q/peek\r\n', END],
    ['get q/t=1000/open\r\n', END],
    ['get q\r\n', value('q', 'two')],
  ],
  'keeps an empty item': [
    ['set q 0 0 0\r\n\r\n', STORED],
    ['get q\r\n', value('q', '')],
  ],
  'reads an expiry as a time of day': [
    ['set q 0 1 3\r\ntwo\r\n', STORED],
    ['get q\r\n', END],
  ],
  'refuses noreply with two answers': [['set q 0 0 1 noreply\r\nx\r\n', BAD + BAD]],
  'refuses a blank at the end with two answers': [['set q 0 0 3 \r\ntwo\r\n', BAD + BAD]],
  'answers a pipeline in order': [
    [
      `${set('q', 'a')}${set('q', 'b')}get q\r\nget q\r\nget q\r\n`,
      STORED + STORED + value('q', 'a') + value('q', 'b') + END,
    ],
  ],
  'stores nothing under a name with a slash': [[set('a/b', 'x'), 'NOT STORED\r\n']],
  'stores under a path': [[set('../h8esc', 'x'), STORED]],
  'takes a name with a plus or a point as one queue': [
    [set('a+b', 'x'), STORED],
    ['get a\r\n', END],
    ['get a+b\r\n', value('a+b', 'x')],
    ['get q.errors\r\n', END],
  ],
  'deletes a queue': [
    [set('q', 'x'), STORED],
    ['delete q\r\n', 'DELETED\r\n'],
    ['delete q\r\n', 'NOT_FOUND\r\n'],
  ],
  'flushes nothing': [
    ['flush q\r\n', BAD],
    ['flush_all\r\n', 'OK\r\n'],
  ],
  'does not know other commands': [
    ['gets q\r\n', BAD],
    ['mg q\r\n', BAD],
    ['confirm q 1\r\n', BAD],
  ],
  counts: [
    [set('q', 'x'), STORED],
    [
      'stats\r\n',
      'STAT queue_q_items 1\r\nSTAT queue_q_total_items 0\r\nSTAT queue_q_logsize 0\r\nSTAT queue_q_expired_items 0\r\nSTAT queue_q_age 0\r\nEND\r\n',
    ],
  ],
};

const SIBERITE: Readonly<Record<string, Transcript>> = {
  'names its version': [['version\r\n', 'VERSION siberite-0.6.4\r\n']],
  'stores and gives an item, whose flags are 0': [
    ['set q 5 0 3\r\ntwo\r\n', STORED],
    ['get q\r\n', value('q', 'two')],
    ['get q\r\n', END],
  ],
  'opens an item, under the name without the option': [
    [set('q', 'two'), STORED],
    ['get q/open\r\n', value('q', 'two')],
    ['get q/close\r\n', END],
    ['get q\r\n', END],
  ],
  'closes an item and opens the next': [
    [set('q', 'a') + set('q', 'b'), STORED + STORED],
    ['get q/open\r\n', value('q', 'a')],
    ['get q/close/open\r\n', value('q', 'b')],
    ['get q/close/open\r\n', END],
  ],
  'puts an aborted item back at the head': [
    [set('q', 'a') + set('q', 'b'), STORED + STORED],
    ['get q/open\r\n', value('q', 'a')],
    ['get q/abort\r\n', END],
    ['get q\r\n', value('q', 'a')],
  ],
  'shows an item that stays': [
    [set('q', 'a'), STORED],
    ['get q/peek\r\n', value('q', 'a')],
    ['get q/peek\r\n', value('q', 'a')],
  ],
  'accepts a wait without an effect': [
    ['get q/t=1000/open\r\n', END],
    ['get q/open/t=1000\r\n', END],
  ],
  'stores an empty item and loses it': [
    ['set q 0 0 0\r\n\r\n', STORED],
    ['get q\r\n', END],
    ['get q\r\n', END],
  ],
  'ignores an expiry': [
    ['set q 0 1 3\r\ntwo\r\n', STORED],
    ['get q\r\n', value('q', 'two')],
  ],
  'answers in spite of noreply': [['set q 0 0 1 noreply\r\nx\r\n', STORED]],
  'accepts a blank at the end': [['set q 0 0 3 \r\ntwo\r\n', STORED]],
  'answers a pipeline in order': [
    [
      `${set('q', 'a')}${set('q', 'b')}get q\r\nget q\r\nget q\r\n`,
      STORED + STORED + value('q', 'a') + value('q', 'b') + END,
    ],
  ],
  'sends to each name of a list': [
    [set('a+b', 'x'), STORED],
    ['get a\r\n', value('a', 'x')],
    ['get b\r\n', value('b', 'x')],
  ],
  'reads a name with a point as a cursor, which takes nothing out': [
    [set('q', 'x'), STORED],
    ['get q.errors\r\n', value('q.errors', 'x')],
    ['get q.errors\r\n', END],
    ['get q\r\n', value('q', 'x')],
  ],
  'answers END to a delete': [
    [set('q', 'x'), STORED],
    ['delete q\r\n', END],
    ['delete q\r\n', END],
    ['get q\r\n', END],
  ],
  'flushes a queue, and all': [
    [set('q', 'x'), STORED],
    ['flush q\r\n', END],
    ['get q\r\n', END],
    ['flush_all\r\n', 'Flushed all queues.\r\n'],
  ],
  'takes gets for get': [
    [set('q', 'x'), STORED],
    ['gets q\r\n', value('q', 'x')],
  ],
  counts: [
    [set('q', 'x'), STORED],
    ['stats\r\n', 'STAT queue_q_items 1\r\nSTAT queue_q_open_transactions 0\r\nEND\r\n'],
  ],
};

/** Commands after which Siberite closes the connection, with all of its answers. */
const CLOSING: Readonly<Record<string, readonly [sent: string, answers: string]>> = {
  'a second open': [
    `${set('q', 'a')}get q/open\r\nget q/open\r\n`,
    `${STORED}${value('q', 'a')}CLIENT_ERROR Close current item first\r\n`,
  ],
  'data that is longer than said': ['set q 0 0 2\r\ntwo\r\n', 'CLIENT_ERROR bad data chunk\r\n'],
  'data that is shorter than said': ['set q 0 0 5\r\ntwo\r\nget q\r\n', 'CLIENT_ERROR bad data chunk\r\n'],
  'a name with a slash': [set('a/b', 'x'), 'ERROR queue: name is not alphanumeric\r\n'],
  'a path': [set('../h8esc', 'x'), 'ERROR queue: name is not alphanumeric\r\n'],
  'a name with a point': [set('q.errors', 'x'), 'ERROR queue: name is not alphanumeric\r\n'],
  'an unknown command': ['confirm q 1\r\n', 'ERROR Unknown command\r\n'],
};

describe('the embedded Starling', () => {
  it.each(Object.entries(STARLING))('%s', async (_, transcript) => {
    await replay(await (await start('starling')).dial(), transcript);
  });

  it.each(['longer: set q 0 0 2\r\ntwo\r\n', 'shorter: set q 0 0 5\r\ntwo\r\nget q\r\n'])(
    'says nothing any more after data that is %j',
    async (row) => {
      const server = await start('starling');
      const [broken, other] = [await server.dial(), await server.dial()];
      broken.send(row.slice(row.indexOf(': ') + 2));
      broken.send('stats\r\n');
      // The server has read the commands of the first connection once it has answered the second one.
      for (let turn = 0; turn < 3; turn += 1) await replay(other, [[set('other', 'x'), STORED]]);
      expect(broken.unread).toBe('');
    },
  );

  it('remembers half a command line', async () => {
    const clock = new VirtualClock();
    const server = await start('starling', clock);
    const client = await server.dial();
    client.send('sta');
    await replay(await server.dial(), [['stats\r\n', END]]);
    await clock.advance(3_500);
    await replay(client, [['ts\r\n', END]]);
  });
});

describe('the embedded Siberite', () => {
  it.each(Object.entries(SIBERITE))('%s', async (_, transcript) => {
    await replay(await (await start('siberite')).dial(), transcript);
  });

  it.each(Object.entries(CLOSING))('closes after %s', async (_, [sent, answers]) => {
    const client = await (await start('siberite')).dial();
    client.send(sent);
    expect(await client.end()).toBe(answers);
  });

  it('puts an open item back at the head when its connection ends', async () => {
    const server = await start('siberite');
    const client = await server.dial();
    await replay(client, [
      [set('q', 'a') + set('q', 'b'), STORED + STORED],
      ['get q/open\r\n', value('q', 'a')],
    ]);
    expect([server.openItems('q'), server.items('q')]).toEqual([1, [Buffer.from('b')]]);
    await server.disconnect();
    expect([server.openItems('q'), server.items('q')]).toEqual([0, [Buffer.from('a'), Buffer.from('b')]]);
  });

  it('forgets half a command line after a few seconds', async () => {
    const clock = new VirtualClock();
    const server = await start('siberite', clock);
    const client = await server.dial();
    client.send('get ');
    while (clock.pending === 0) await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(3_500);
    client.send('q\r\n');
    expect(await client.end()).toBe('ERROR Unknown command\r\n');
  });

  it('loses open items when it is killed, and keeps waiting items', async () => {
    const server = await start('siberite');
    await replay(await server.dial(), [
      [set('q', 'a') + set('q', 'b'), STORED + STORED],
      ['get q/open\r\n', value('q', 'a')],
    ]);
    await server.crash();
    await server.restart();
    await replay(await server.dial(), [[`get q\r\nget q\r\n`, value('q', 'b') + END]]);
  });
});

describe('the embedded Kestrel', () => {
  it('answers a wait as soon as an item comes', async () => {
    const clock = new VirtualClock();
    const server = await start('kestrel', clock);
    const client = await server.dial();
    client.send('get q/t=1000/open\r\n');
    while (clock.pending === 0) await new Promise((resolve) => setImmediate(resolve));
    server.put('q', 'two');
    expect(await client.read(value('q', 'two'))).toBe(value('q', 'two'));
    client.send('get q/close\r\nget q/t=1000\r\n');
    expect(await client.read(END)).toBe(END);
    while (clock.pending === 0) await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(1_000);
    expect(await client.read(END)).toBe(END);
  });

  it.each([
    ['a second open', `${set('q', 'a')}get q/open\r\nget q/open\r\n`, `${STORED}${value('q', 'a')}ERROR\r\n`],
    ['an abort together with an open', 'get q/abort/open\r\n', 'CLIENT_ERROR\r\n'],
  ])('closes after %s', async (_, sent, answers) => {
    const client = await (await start('kestrel')).dial();
    client.send(sent);
    expect(await client.end()).toBe(answers);
  });

  it('puts open items back when it is killed', async () => {
    const server = await start('kestrel');
    await replay(await server.dial(), [
      [set('q', 'a'), STORED],
      ['get q/open\r\n', value('q', 'a')],
    ]);
    await server.crash();
    await server.restart();
    await replay(await server.dial(), [['get q\r\n', value('q', 'a')]]);
  });

  it('gives a child queue what goes to its parent', async () => {
    const server = await start('kestrel');
    await replay(await server.dial(), [
      ['get q+child\r\n', END],
      [set('q', 'a'), STORED],
      ['get q+child\r\n', value('q+child', 'a')],
      ['get q\r\n', value('q', 'a')],
    ]);
  });

  it('refuses items when it is full', async () => {
    const server = await start('kestrel');
    server.setFull(true);
    await replay(await server.dial(), [[set('q', 'a'), 'NOT_STORED\r\n']]);
  });
});

describe('each embedded server', () => {
  it.each(['starling', 'siberite', 'kestrel'] as const)('keeps every byte of an item: %s', async (kind) => {
    const client = await (await start(kind)).dial();
    for (const body of [EVERY, THRIFT]) {
      await replay(client, [
        [set('q', body), STORED],
        ['get q\r\n', value('q', body)],
      ]);
    }
  });
});
