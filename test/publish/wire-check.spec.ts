import { describe, expect, it } from '@jest/globals';
import { checkMessage } from '../../lib/publish/wire-check.js';
import { createMemoryQueue } from '../../lib/carriers/memory/memory-queue.js';
import { seedRandom } from '../queue/harness.js';
import { Bench, failure, textForBody } from './harness.js';

seedRandom();

const MIB = 1_048_576;

describe('the size of a message', () => {
  it.each([
    ['the body alone', MIB, {}],
    ['an attribute: name, String, value', MIB - 12, { name: 'ab' }],
    ['an attribute in UTF-8 bytes', MIB - 12, { abc: '€' }],
    ['several attributes', MIB - 24, { name: 'ab', four: 'cd' }],
  ])('accepts a message of exactly the size limit: %s', async (_, body, attributes) => {
    const bench = new Bench();
    bench.emit(textForBody(body), { attributes });
    await bench.clock.advance(0);
    expect(bench.states).toEqual(['stored']);
  });

  it.each([
    ['a longer body', MIB, {}, 'x'],
    ['one more byte of an attribute', MIB - 12, { name: 'abc' }, ''],
    ['one more byte of a name', MIB - 12, { names: 'ab' }, ''],
    ['a character of two bytes', MIB - 12, { name: 'aä' }, ''],
  ])('refuses a message above the size limit: %s', async (_, body, attributes, more) => {
    const bench = new Bench();
    const sends = bench.countSends();
    bench.emit(textForBody(body) + more, { attributes });
    bench.emit('small');
    await bench.clock.advance(0);
    expect([bench.states, sends]).toEqual([['too-large', 'stored'], [1]]);
    expect(bench.ended.get(0)).toMatchObject({
      error: { message: expect.stringMatching(/^text takes 10485\d\d bytes .* accepts 1048576/) as unknown },
    });
  });
});

describe('attributes', () => {
  const ten = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`a${i}`, 'x']));

  it.each([
    ['ten', ten],
    ['names of letters, digits, -, _ and .', { 'Az0-_.x': 'x' }],
    ['a name that only begins like a reserved one', { awsome: 'x', 'x.aws.y': 'y' }],
    ['a name of 256 characters', { ['n'.repeat(256)]: 'x' }],
    ['tab, line feed, carriage return', { a: '\t\n\r' }],
    ['the ends of the allowed planes', { a: ' \ud7ff\ue000\ufffd\u{10000}\u{10ffff}' }],
  ])('accepts valid attributes: %s', async (_, attributes) => {
    const bench = new Bench();
    bench.emit('x', { attributes });
    await bench.clock.advance(0);
    expect(bench.states).toEqual(['stored']);
    expect(Object.keys(bench.queue.messages()[0]!.attributes)).toEqual(Object.keys(attributes));
  });

  it('accepts a message without attributes', async () => {
    const bench = new Bench();
    bench.emit('x', {});
    bench.emit('x', { attributes: {} });
    await bench.clock.advance(0);
    expect(bench.states).toEqual(['stored', 'stored']);
  });

  it.each([
    ['more than ten', { ...ten, more: 'x' }, 'too-many-attributes', '11 attributes'],
    ['an empty name', { '': 'x' }, 'bad-attribute', '""'],
    ['a blank in a name', { 'a b': 'x' }, 'bad-attribute', '"a b"'],
    ['a leading dot', { '.a': 'x' }, 'bad-attribute', '".a"'],
    ['a trailing dot', { 'a.': 'x' }, 'bad-attribute', '"a."'],
    ['two dots', { 'a..b': 'x' }, 'bad-attribute', '"a..b"'],
    ['a reserved prefix', { 'AWS.x': 'x' }, 'bad-attribute', '"AWS.x"'],
    [
      'a name that readers lose',
      JSON.parse('{"__proto__":"x"}') as Record<string, string>,
      'bad-attribute',
      '"__proto__"',
    ],
    ['the other reserved prefix', { 'Amazon.x': 'x' }, 'bad-attribute', '"Amazon.x"'],
    ['a name that is too long', { ['n'.repeat(257)]: 'x' }, 'bad-attribute', '"nnn'],
    ['a line break in a name', { 'a\n': 'x' }, 'bad-attribute', '"a\\n"'],
    ['an empty value', { a: '' }, 'bad-attribute', 'not empty'],
    ['a number', { a: 5 as never }, 'bad-attribute', 'a text'],
    ['undefined', { a: undefined as never }, 'bad-attribute', 'a text'],
    ['NUL', { a: 'x\0' }, 'bad-attribute', 'U+0000'],
    ['a control character', { a: '\u001f' }, 'bad-attribute', 'U+001F'],
    ['a lone surrogate', { a: '\ud800x' }, 'bad-attribute', 'U+D800'],
    ['a surrogate in the wrong place', { a: 'x\udc00' }, 'bad-attribute', 'U+DC00'],
    ['U+FFFE', { a: '\ufffe' }, 'bad-attribute', 'U+FFFE'],
    ['U+FFFF', { a: '\uffff' }, 'bad-attribute', 'U+FFFF'],
  ])('refuses invalid attributes: %s', async (_, attributes, code, text) => {
    const bench = new Bench();
    const sends = bench.countSends();
    bench.emit('x', { attributes });
    await bench.clock.advance(0);
    expect([bench.states, sends]).toEqual([[code], []]);
    const { error } = bench.ended.get(0) as { error: Error };
    expect(error.message).toContain(text);
    expect(error.message.length).toBeLessThan(200);
  });
});

describe('a FIFO queue', () => {
  const fifo = { fifo: true, contentBasedDeduplication: true };

  it.each([
    [{}, 'group-required'],
    [{ groupId: 'g', delaySeconds: 1 }, 'delay-refused'],
    [{ groupId: 'g' }, 'stored'],
    [{ groupId: 'g', deduplicationId: 'd' }, 'stored'],
  ])('answers the send options %p on a FIFO queue with %s', async (options, state) => {
    const bench = new Bench({}, fifo);
    bench.emit('x', options);
    await bench.clock.advance(0);
    expect(bench.states).toEqual([state]);
  });

  it('sends the calls of a group in order whatever requests fail', async () => {
    const bench = new Bench({ maxAttempts: 20, retryBaseMs: 50 }, fifo);
    bench.queue.fail('send', ({ number }) => (number % 3 === 1 ? failure('network') : undefined));
    for (let i = 0; i < 60; i += 1) {
      bench.emit(`${i}`, { groupId: i % 2 ? 'odd' : 'even' });
      if (i % 7 === 0) await bench.clock.advance(20);
    }
    await bench.clock.advance(600_000);
    const numbers = bench.texts.map(Number);
    expect(numbers).toHaveLength(60);
    for (const rest of [0, 1]) {
      const own = numbers.filter((n) => n % 2 === rest);
      expect(own).toEqual([...own].sort((a, b) => a - b));
    }
  });

  it('accepts a group id and a delay on a standard queue', async () => {
    const bench = new Bench();
    bench.emit('x', { groupId: 'tenant', delaySeconds: 5 });
    await bench.clock.advance(0);
    expect(bench.queue.messages()).toMatchObject([{ groupId: 'tenant', state: 'delayed' }]);
  });
});

describe('ids and delays', () => {
  const standard = createMemoryQueue();
  const at = (options: object): (() => number) => {
    return () => checkMessage({ body: 'x', ...options }, standard, 'run');
  };

  it.each([{ groupId: 'a'.repeat(128) }, { groupId: '!"#$%~' }, { delaySeconds: 0 }, { delaySeconds: 900 }])(
    'accepts the send options %j',
    (options) => {
      expect(at(options)).not.toThrow();
    },
  );

  it.each([
    [{ groupId: '' }, 'run: groupId must be 1 to 128 letters'],
    [{ groupId: 'a'.repeat(129) }, 'run: groupId must be 1 to 128 letters'],
    [{ groupId: 'with space' }, 'run: groupId must be'],
    [{ groupId: 'é' }, 'run: groupId must be'],
    [{ groupId: 7 }, 'run: groupId must be'],
    [{ deduplicationId: '' }, 'run: deduplicationId must be'],
    [{ delaySeconds: -1 }, 'run: a delay is 0 to 900 whole seconds, not -1'],
    [{ delaySeconds: 901 }, 'not 901'],
    [{ delaySeconds: 1.5 }, 'not 1.5'],
    [{ delaySeconds: NaN }, 'not NaN'],
  ])('refuses the send options %j', (options, message) => {
    expect(at(options)).toThrow(message);
  });
});
