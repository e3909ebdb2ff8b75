import { describe, expect, it } from '@jest/globals';
import { codecError } from '../harness.js';
import { jsonOf } from './harness.js';

const codec = jsonOf('struct S { 1: string v }');
const write = (v: string): string => codec.text({ v }).slice('{"1":{"str":'.length, -2);
const read = (literal: string | Buffer): unknown => {
  const bytes = Buffer.concat([Buffer.from('{"1":{"str":'), Buffer.from(literal as string), Buffer.from('}}')]);
  return (codec.read(bytes) as { v: unknown }).v;
};

/** Matches the characters that SQS accepts in a body (SendMessage, `MessageBody`). */
const LEGAL = /^[\u0009\u000a\u000d\u0020-\ud7ff\ue000-\ufffd]*$/;

describe('written text', () => {
  it.each([
    ['"', '"\\""'],
    ['\\', '"\\\\"'],
    ['/', '"/"'],
    ['\b\f\n\r\t', '"\\b\\f\\n\\r\\t"'],
    ['\u0000\u001f', '"\\u0000\\u001f"'],
    ['\u007f\u0080', '"\u007f\u0080"'],
    ['\u2028', '"\u2028"'],
    ['\ufffd', '"\ufffd"'],
    ['\ufffe\uffff', '"\\ufffe\\uffff"'],
    ['𝄞\n𝄞', '"𝄞\\n𝄞"'],
    [`${'x'.repeat(40)}\u0001${'ä'.repeat(40)}"`, `"${'x'.repeat(40)}\\u0001${'ä'.repeat(40)}\\""`],
  ])('writes %j as a JSON literal and reads the literal back', (value, literal) => {
    expect(write(value)).toBe(literal);
    expect(read(literal)).toBe(value);
  });

  it('writes every character as JSON that SQS accepts', () => {
    for (let code = 0; code <= 0xffff; code++) {
      if (code >= 0xd800 && code <= 0xdfff) continue;
      const value = String.fromCharCode(code);
      const literal = write(value);
      if (!LEGAL.test(literal) || JSON.parse(literal) !== value || read(literal) !== value) {
        throw new Error(`U+${code.toString(16)} is written as ${JSON.stringify(literal)}`);
      }
    }
  });

  it.each(['\ud800', 'x\udc00', '\ud800\n', '\n\udc00\n', `${'x'.repeat(50)}\ud800`])(
    'refuses to write a lone surrogate: %j',
    (value) => {
      expect(codecError(() => write(value))).toMatchObject({ reason: 'invalid-text', path: 'v' });
    },
  );

  it('escapes the text of a map key', () => {
    const map = jsonOf('struct S { 1: map<string,string> v }');
    const value = { v: new Map([['"\u0001', '\\']]) };
    expect(map.text(value)).toBe('{"1":{"map":["str","str",1,{"\\"\\u0001":"\\\\"}]}}');
    expect(map.read(map.text(value))).toEqual(value);
  });
});

describe('reading strings', () => {
  it.each([
    ['every short escape', '"\\"\\\\\\/\\b\\f\\n\\r\\t"', '"\\/\b\f\n\r\t'],
    ['escapes of either case', '"\\u00e4\\u00E4\\u20aC"', 'ää€'],
    ['a NUL', '"\\u0000"', '\0'],
    ['a pair of surrogates', '"\\ud834\\udd1e"', '𝄞'],
    ['escapes between text beyond ASCII', '"ä\\nä𝄞\\t"', 'ä\nä𝄞\t'],
    ['escapes of characters that SQS does not accept', '"\\uffff\\ufffe\\ufffd"', '\uffff\ufffe\ufffd'],
    // The runtimes for Python and Node write control characters as they are.
    ['raw control characters', '"\u0001\n\t"', '\u0001\n\t'],
    ['a byte order mark', '"\ufeffx"', '\ufeffx'],
  ])('reads a string with %s', (_name, literal, value) => {
    expect(read(literal)).toBe(value);
  });

  it.each([
    ['an unknown escape', '"\\x"'],
    ['an octal escape', '"\\0"'],
    ['an escape of three digits', '"\\u123"'],
    ['an escape that is no hex', '"\\u12g4"'],
    ['an escape with a sign', '"\\u+123"'],
    ['an invalid second half of a surrogate pair', '"\\ud834\\u12"'],
    ['single quotes', "'x'"],
    ['no quotes', 'x'],
    ['null', 'null'],
    ['a number instead of text', '5'],
    ['another string after the first', '"a" "b"'],
  ])('refuses a string literal with %s', (_name, literal) => {
    expect(codecError(() => read(literal)).reason).toBe('type-mismatch');
  });

  it.each([
    ['a lone high surrogate', '"\\ud834"'],
    ['a lone low surrogate', '"\\udd1e"'],
    ['two high surrogates', '"\\ud834\\ud834"'],
    ['surrogates the wrong way round', '"\\udd1e\\ud834"'],
    ['half a pair before text', '"\\ud834x"'],
    ['a byte that is no UTF-8', Buffer.from('22ff22', 'hex')],
    ['an overlong form', Buffer.from('22c08022', 'hex')],
    ['a surrogate in UTF-8', Buffer.from('22eda08022', 'hex')],
    ['a cut sequence', Buffer.from('22e28222', 'hex')],
    ['a sequence that an escape cuts', Buffer.from('22e25c6e22', 'hex')],
  ])('reports invalid UTF-8 for a string with %s', (_name, literal) => {
    expect(codecError(() => read(literal))).toMatchObject({ reason: 'invalid-utf8', path: 'v' });
  });

  it('reads invalid UTF-8 as U+FFFD with the option lenient', () => {
    const lenient = (hex: string): unknown =>
      codec.read(Buffer.from(`7b2231223a7b22737472223a22${hex}227d7d`, 'hex'), { lenient: true });
    expect(lenient('61ff62')).toEqual({ v: 'a\ufffdb' });
    expect(lenient(Buffer.from('a\\ud834b').toString('hex'))).toEqual({ v: expect.stringMatching(/^a\ufffd+b$/) });
  });
});

describe('base64', () => {
  const binary = jsonOf('struct S { 1: binary v }');
  const bytes = (literal: string): unknown =>
    (binary.read(`{"1":{"str":${literal}}}`) as { v: Buffer }).v.toString('hex');

  it.each([
    ['with padding', '"Zg=="', '66'],
    ['without padding, as C++ and Java write it', '"Zg"', '66'],
    ['with one padding character', '"Zm8="', '666f'],
    ['without one padding character', '"Zm8"', '666f'],
    ['that needs no padding', '"Zm9v"', '666f6f'],
    ['of zero bytes', '""', ''],
    ['with an escaped slash', '"\\/\\/8="', 'ffff'],
  ])('decodes base64 %s', (_name, literal, hex) => {
    expect(bytes(literal)).toBe(hex);
  });

  it.each([
    ['half of the padding', '"Zg="'],
    ['too much padding', '"Zg==="'],
    ['unneeded padding', '"Zm9v="'],
    ['only padding', '"=="'],
    ['padding in the middle', '"Zg==Zg=="'],
    ['a single digit', '"Z"'],
    ['a single digit after a full group', '"Zm9vZ"'],
    ['bits beyond the one byte', '"Zh"'],
    ['bits beyond the one byte, padded', '"Zh=="'],
    ['bits beyond the two bytes', '"Zm9"'],
    ['the alphabet of URLs', '"-_"'],
    ['a blank', '"Zm 9v"'],
    ['a line break', '"Zm9v\\n"'],
    ['text beyond ASCII', '"Zmäv"'],
  ])('refuses base64 with %s', (_name, literal) => {
    expect(codecError(() => bytes(literal))).toMatchObject({ reason: 'type-mismatch', path: 'v' });
  });
});
