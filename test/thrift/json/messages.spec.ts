import { describe, expect, it } from '@jest/globals';
import { loadSchemaFromText } from '../../../lib/idl/load-schema.js';
import { findService } from '../../../lib/idl/find-service.js';
import { writeBytes } from '../../../lib/thrift/messages.js';
import { compileService } from '../../../lib/thrift/service-codec.js';
import { codecError } from '../harness.js';
import { jsonReader, jsonText } from './harness.js';

const service = findService(
  loadSchemaFromText(`
    union Choice { 1: i64 a, 2: string t }
    struct Item { 1: double d, 2: map<double,string> m, 3: set<uuid> ids, 4: Choice choice }
    service Q { oneway void run(1: i32 n, 2: string s, 3: list<Item> items, 4: binary b) }
  `),
  'Q',
);
const method = compileService(service, 'json').methods.get('run')!;
const ARGS = {
  n: -5,
  s: 'ä"\u0001',
  items: [
    {
      d: -1.5e-7,
      m: new Map([
        [NaN, 'x'],
        [-0.5, ''],
      ]),
      ids: new Set(['00112233-4455-6677-8899-aabbccddeeff']),
      choice: { a: 12345678901234567n },
    },
    { d: -Infinity, m: new Map(), ids: new Set(), choice: { t: '𝄞' } },
  ],
  b: Buffer.from('bytes'),
};

function call(args: unknown): string {
  const bytes = writeBytes('json', (writer) => {
    writer.writeMessageBegin('run', 4, 0);
    method.write(writer, args);
    writer.writeMessageEnd();
  });
  return bytes.toString();
}

function read(text: string | Buffer): unknown[] {
  const reader = jsonReader(text);
  const calls = [];
  do {
    reader.readMessageBegin();
    calls.push(method.read(reader));
    reader.readMessageEnd();
  } while (reader.remaining > 0);
  return calls;
}

describe('messages in the JSON protocol', () => {
  it('writes a message as a list of version, name, type, sequence id and arguments', () => {
    expect(call({ n: 5 })).toBe('[1,"run",4,0,{"1":{"i32":5}}]');
    expect(call({})).toBe('[1,"run",4,0,{}]');
    expect(jsonText((writer) => writer.writeMessageBegin('a:"ö"', 1, -2147483648))).toBe(
      '[1,"a:\\"ö\\"",1,-2147483648,',
    );
  });

  it('reads a header, also under the field names of the Apache Node runtime', () => {
    expect(jsonReader('[1,"ping",4,7,{').readMessageBegin()).toEqual({
      name: 'ping',
      type: 4,
      seqid: 7,
      fname: 'ping',
      mtype: 4,
      rseqid: 7,
    });
  });

  it('reads a message with blanks around and between its tokens', () => {
    expect(read('\n [ 1 , "run" , 4 , 0 , { "1" : { "i32" : 5 } } ] \r\n\t')).toMatchObject([{ n: 5 }]);
  });

  it('reads consecutive messages with or without blanks between them', () => {
    const texts = [0, 1, 2].map((n) => call({ n }));
    expect(read(texts.join(''))).toMatchObject([{ n: 0 }, { n: 1 }, { n: 2 }]);
    expect(read(texts.join(' \n'))).toMatchObject([{ n: 0 }, { n: 1 }, { n: 2 }]);
  });

  it.each([
    ['text', 'x'],
    ['a comma', ',[1,"run",4,0,{}]'],
    ['an object', '{}'],
    ['a closing bracket', ']'],
    ['a NUL', '\0'],
    ['a megabyte of text', 'x'.repeat(1_000_000)],
  ])('refuses %s after a message', (_name, junk) => {
    expect(codecError(() => read(`${call({ n: 1 })}${junk}`)).reason).toBe('bad-header');
  });

  it.each([
    ['an object for the list', '{"1":2}', 'bad-header'],
    ['version 2', '[2,"run",4,0,{}]', 'bad-header'],
    ['version 0', '[0,"run",4,0,{}]', 'bad-header'],
    ['a version in quotes', '["1","run",4,0,{}]', 'bad-header'],
    ['version 10', '[10,"run",4,0,{}]', 'bad-header'],
    ['version 1.0', '[1.0,"run",4,0,{}]', 'bad-header'],
    ['an empty list', '[]', 'bad-header'],
    ['a name that is no string', '[1,5,4,0,{}]', 'type-mismatch'],
    ['a type that is no integer', '[1,"run",4.0,0,{}]', 'type-mismatch'],
    ['a sequence id beyond 32 bits', '[1,"run",4,2147483648,{}]', 'type-mismatch'],
    ['arguments that are no struct', '[1,"run",4,0,[]]', 'type-mismatch'],
    ['no arguments', '[1,"run",4,0]', 'type-mismatch'],
    ['a value after the arguments', '[1,"run",4,0,{},{}]', 'type-mismatch'],
    ['the wrong bracket at the end', '[1,"run",4,0,{}}', 'type-mismatch'],
    ['a name that is not UTF-8', Buffer.from('5b312c22ff22', 'hex'), 'invalid-utf8'],
    ['no text', '', 'truncated'],
    ['only blanks', ' \n', 'truncated'],
  ])('refuses a message with %s', (_name, text, reason) => {
    expect(codecError(() => read(text)).reason).toBe(reason);
  });

  it('refuses a message truncated at any byte', () => {
    const whole = Buffer.from(call(ARGS));
    expect(read(whole)).toEqual([ARGS]);
    for (let size = 0; size < whole.length; size++) {
      const cut = whole.subarray(0, size);
      expect(`${size} ${codecError(() => read(cut)).reason}`).toBe(`${size} truncated`);
      const reader = jsonReader(cut);
      const skip = (): void => {
        reader.readMessageBegin();
        reader.skip(12);
        reader.readMessageEnd();
      };
      expect(`${size} ${codecError(skip).reason}`).toBe(`${size} truncated`);
    }
  });

  it('counts the depth per message and the elements per body', () => {
    const reader = jsonReader('[1,"m",4,0,{}][1,"m",4,0,{}]', { limits: { elements: 22, depth: 1 } });
    for (let i = 0; i < 2; i++) {
      reader.readMessageBegin();
      reader.skip(12);
      reader.readMessageEnd();
    }
    expect(reader.remaining).toBe(0);
  });

  it('discards a message when writing fails', () => {
    expect(codecError(() => call({ n: 'x' })).path).toBe('run.n');
    expect(call({ n: 1 })).toBe('[1,"run",4,0,{"1":{"i32":1}}]');
  });

  it('names the reason and the path of a refused value', () => {
    const items = (item: object): unknown => codecError(() => call({ items: [{}, item] }));
    expect(items({ d: '1' })).toMatchObject({ reason: 'wrong-type', path: 'run.items[1].d' });
    expect(items({ m: { a: 'x' } })).toMatchObject({ reason: 'wrong-type', path: 'run.items[1].m[key 0]' });
    expect(items({ ids: ['x'] })).toMatchObject({ reason: 'wrong-type', path: 'run.items[1].ids[0]' });
    expect(items({ choice: {} })).toMatchObject({ reason: 'not-one-member', path: 'run.items[1].choice' });
    expect(codecError(() => call({ b: 'text' }))).toMatchObject({ reason: 'wrong-type', path: 'run.b' });
    expect(codecError(() => call({ n: 2 ** 31 }))).toMatchObject({ reason: 'out-of-range', path: 'run.n' });
  });
});
