import { afterEach, describe, expect, it } from '@jest/globals';
import { type EmbeddedStarling, startEmbeddedStarling, VirtualClock } from 'nestjs-sqs-thrift/testing';
import { RawClient } from '../../fakes/starling/raw-client.js';
import { CLOSING, SIBERITE } from './siberite-transcripts.js';
import { STARLING } from './starling-transcripts.js';
import { END, set, STORED, type Transcript, value } from './transcript.js';

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

const EVERY = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join('');
const THRIFT = '\x80\x01\x00\x04\x00\x00\x00\x00\x00\r\n\r\nEND\r\n\xff\xff';

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
