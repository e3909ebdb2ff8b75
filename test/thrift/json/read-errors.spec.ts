import { describe, expect, it } from '@jest/globals';
import { ThriftReadError } from '../../../lib/thrift/errors.js';
import { codecError } from '../harness.js';
import { KITCHEN_SINK, jsonOf } from './harness.js';

const codec = jsonOf(KITCHEN_SINK);

/** Lists each fault, the text, and the reason, path and detail of the error. */
const ROWS: readonly [name: string, text: string, reason: string, path: string, detail: string][] = [
  ['a field of another type', '{"1":{"i64":1}}', 'type-mismatch', 'n', 'expected i32, found i64'],
  ['an unknown type name', '{"1":{"i33":1}}', 'type-mismatch', '', 'a type that the JSON protocol does not have'],
  ['a truncated type name', '{"1":{"i3":1}}', 'type-mismatch', '', 'a type that'],
  ['a longer type name', '{"1":{"i32x":1}}', 'type-mismatch', '', 'a type that'],
  ['a much longer type name', `{"1":{"${'i32'.repeat(9)}":1}}`, 'type-mismatch', '', 'a type that'],
  ['an empty type name', '{"1":{"":1}}', 'type-mismatch', '', 'a type that'],
  ['a type name in upper case', '{"1":{"I32":1}}', 'type-mismatch', '', 'a type that'],
  ['no type name', '{"1":{}}', 'type-mismatch', '', "expected '\"'"],
  ['no object in a field', '{"1":1}', 'type-mismatch', '', "expected '{'"],
  ['a field with two values', '{"1":{"i32":1,"i64":1}}', 'type-mismatch', '', "expected '}'"],
  ['a repeated field', '{"1":{"i32":1},"1":{"i32":1}}', 'type-mismatch', 'n', 'the field occurs twice'],
  ['a field id that is not in quotes', '{1:{"i32":1}}', 'type-mismatch', '', "expected '\"'"],
  ['a field id that is a name', '{"n":{"i32":1}}', 'type-mismatch', '', 'expected i16'],
  ['a field id with a leading zero', '{"01":{"i32":1}}', 'type-mismatch', '', 'a leading zero'],
  ['a field id with blanks', '{" 1":{"i32":1}}', 'type-mismatch', '', 'expected i16'],
  ['a field id with blanks after the number', '{"1 ":{"i32":1}}', 'type-mismatch', '', 'a quote'],
  ['a field id out of range', '{"32768":{"i32":1}}', 'type-mismatch', '', 'out of its range'],
  ['an escaped field id', '{"\\u0031":{"i32":1}}', 'type-mismatch', '', 'expected i16'],
  ['no comma between fields', '{"1":{"i32":1}"7":{"tf":1}}', 'type-mismatch', '', "','"],
  ['a comma after the last field', '{"1":{"i32":1},}', 'type-mismatch', '', "'\"'"],
  ['a comma before the first field', '{,"1":{"i32":1}}', 'type-mismatch', '', "'\"'"],
  ['a list for a struct', '["i32",0]', 'type-mismatch', '', "'{'"],
  ['a struct for a list', '{"3":{"lst":{}}}', 'type-mismatch', 'points', "'['"],
  ['elements of another type', '{"3":{"lst":["i32",1,1]}}', 'type-mismatch', 'points', 'elements of struct'],
  ['elements of an unknown type', '{"3":{"lst":["xyz",1,1]}}', 'type-mismatch', 'points', 'a type that'],
  ['a set for a list', '{"3":{"set":["rec",0]}}', 'type-mismatch', 'points', 'found set'],
  ['keys of another type', '{"4":{"map":["i32","rec",1,{"1":{}}]}}', 'type-mismatch', 'byName', 'keys of string'],
  ['values of another type', '{"8":{"map":["i32","i64",1,{"1":1}]}}', 'type-mismatch', 'm', 'values of i32'],
  [
    'a missing required field',
    '{"3":{"lst":["rec",2,{"1":{"i32":1}},{}]}}',
    'missing-required',
    'points[1].x',
    '(i32)',
  ],
  [
    'a missing required field in a map',
    '{"4":{"map":["str","rec",1,{"a":{}}]}}',
    'missing-required',
    'byName[value 0].x',
    '(i32)',
  ],
  ['a union without a member', '{"5":{"rec":{}}}', 'type-mismatch', 'shape', 'the union Shape has no member'],
  [
    'a union with two members',
    '{"5":{"rec":{"1":{"i32":1},"2":{"rec":{"1":{"i32":1}}}}}}',
    'type-mismatch',
    'shape.corner',
    'a second member',
  ],
  // sizes
  ['a negative size', '{"6":{"set":["i16",-1]}}', 'limit-exceeded', 'shorts', 'negative'],
  ['fewer elements than declared', '{"6":{"set":["i16",3,1,2]}, "7":{"tf":1}}', 'type-mismatch', 'shorts[2]', "','"],
  ['more elements than declared', '{"6":{"set":["i16",1,1,2]}}', 'type-mismatch', 'shorts[1]', "']'"],
  ['elements in an empty list', '{"6":{"set":["i16",0,1]}}', 'type-mismatch', 'shorts[0]', "']'"],
  ['a comma after the last element', '{"6":{"set":["i16",1,1,]}}', 'type-mismatch', 'shorts[1]', "']'"],
  ['a size that is text', '{"6":{"set":["i16","1",1]}}', 'type-mismatch', 'shorts', 'size'],
  ['a size that is no integer', '{"6":{"set":["i16",1.0,1]}}', 'type-mismatch', 'shorts', 'size'],
  ['a size beyond 32 bits', '{"6":{"set":["i16",2147483648]}}', 'type-mismatch', 'shorts', 'size'],
  ['no size', '{"6":{"set":["i16"]}}', 'type-mismatch', 'shorts', "','"],
  [
    'fewer entries than declared',
    '{"8":{"map":["i32","i32",2,{"1":1}]},"7":{"tf":1}}',
    'type-mismatch',
    'm[key 1]',
    "','",
  ],
  ['more entries than declared', '{"8":{"map":["i32","i32",1,{"1":1,"2":2}]}}', 'type-mismatch', 'm[value 1]', "'}'"],
  ['entries in an empty map', '{"8":{"map":["i32","i32",0,{"1":1}]}}', 'type-mismatch', 'm[key 0]', "'}'"],
  ['a map without its object', '{"8":{"map":["i32","i32",0]}}', 'type-mismatch', 'm', "','"],
  [
    'a map with another value after its object',
    '{"8":{"map":["i32","i32",0,{},1]}}',
    'type-mismatch',
    'm[key 0]',
    "']'",
  ],
  ['a huge list', '{"6":{"set":["i16",2147483647,1]}}', 'truncated', 'shorts', '4294967294 bytes needed'],
  ['a huge list of an unknown field', '{"99":{"lst":["lst",2147483647]}}', 'truncated', '', 'bytes needed'],
  ['a huge map', '{"8":{"map":["i32","i32",2147483647,{"1":1}]}}', 'truncated', 'm', 'bytes needed'],
  // keys
  ['a key that is not in quotes', '{"8":{"map":["i32","i32",1,{1:1}]}}', 'type-mismatch', 'm[key 0]', "'\"'"],
  ['a key that is no number', '{"8":{"map":["i32","i32",1,{"a":1}]}}', 'type-mismatch', 'm[key 0]', 'i32'],
  ['a key with blanks', '{"8":{"map":["i32","i32",1,{"1 ":1}]}}', 'type-mismatch', 'm[key 0]', 'quote'],
  ['an empty key', '{"8":{"map":["i32","i32",1,{"":1}]}}', 'type-mismatch', 'm[key 0]', 'i32'],
  ['a key that is true', '{"17":{"map":["tf","i8",1,{"true":1}]}}', 'type-mismatch', 'bm[key 0]', 'bool'],
  ['a key that is not a double', '{"14":{"map":["dbl","i8",1,{"nan":1}]}}', 'type-mismatch', 'dm[key 0]', 'digit'],
  ['a key that is almost NaN', '{"14":{"map":["dbl","i8",1,{"Nan":1}]}}', 'type-mismatch', 'dm[key 0]', 'double'],
  ['a key that begins with NaN', '{"14":{"map":["dbl","i8",1,{"NaNa":1}]}}', 'type-mismatch', 'dm[key 0]', 'quote'],
  [
    'a key beyond an i64',
    '{"18":{"map":["i64","i8",1,{"9223372036854775808":1}]}}',
    'type-mismatch',
    'lm[key 0]',
    'i64',
  ],
  ['no colon after a key', '{"8":{"map":["i32","i32",1,{"1",1}]}}', 'type-mismatch', 'm[value 0]', "':'"],
  // numbers
  ['a bool of 2', '{"7":{"tf":2}}', 'type-mismatch', 'b', 'bool (1 or 0)'],
  ['a bool of -1', '{"7":{"tf":-1}}', 'type-mismatch', 'b', 'bool (1 or 0)'],
  ['a bool that is true', '{"7":{"tf":true}}', 'type-mismatch', 'b', 'bool (1 or 0)'],
  ['an i8 out of range', '{"11":{"i8":128}}', 'type-mismatch', 'byte', 'i8, found a number out of its range'],
  ['an i16 out of range', '{"15":{"i16":-32769}}', 'type-mismatch', 'sh', 'i16, found a number out of its range'],
  ['an i32 out of range', '{"1":{"i32":2147483648}}', 'type-mismatch', 'n', 'i32, found a number out of its range'],
  ['an i32 below its range', '{"1":{"i32":-2147483649}}', 'type-mismatch', 'n', 'out of its range'],
  ['an i32 of many digits', `{"1":{"i32":${'9'.repeat(100_000)}}}`, 'type-mismatch', 'n', 'out of its range'],
  ['an i64 out of range', '{"12":{"i64":9223372036854775808}}', 'type-mismatch', 'long', 'out of its range'],
  ['an i64 below its range', '{"12":{"i64":-9223372036854775809}}', 'type-mismatch', 'long', 'out of its range'],
  ['an i64 of many digits', `{"12":{"i64":-${'9'.repeat(1_000_000)}}}`, 'type-mismatch', 'long', 'out of its range'],
  ['an i64 in quotes', '{"12":{"i64":"1"}}', 'type-mismatch', 'long', 'i64'],
  ['an integer with a point', '{"1":{"i32":1.0}}', 'type-mismatch', 'n', 'i32, an integer'],
  ['an integer with an exponent', '{"1":{"i32":1e0}}', 'type-mismatch', 'n', 'i32, an integer'],
  ['an integer with an exponent in upper case', '{"12":{"i64":1E0}}', 'type-mismatch', 'long', 'i64, an integer'],
  ['an integer with a plus', '{"1":{"i32":+1}}', 'type-mismatch', 'n', 'i32'],
  ['an integer of two minuses', '{"1":{"i32":--1}}', 'type-mismatch', 'n', 'i32'],
  ['an integer of one minus', '{"1":{"i32":-}}', 'type-mismatch', 'n', 'i32'],
  ['an integer with a leading zero', '{"1":{"i32":01}}', 'type-mismatch', 'n', 'a leading zero'],
  ['a negative integer with a leading zero', '{"1":{"i32":-00}}', 'type-mismatch', 'n', 'a leading zero'],
  ['an integer in hex', '{"1":{"i32":0x1}}', 'type-mismatch', '', "'}'"],
  ['null for an integer', '{"1":{"i32":null}}', 'type-mismatch', 'n', 'i32'],
  [
    'a double beyond its range',
    '{"13":{"dbl":1e400}}',
    'type-mismatch',
    'd',
    'double, found a number out of its range',
  ],
  ['a double of many digits', `{"13":{"dbl":${'9'.repeat(400)}}}`, 'type-mismatch', 'd', 'out of its range'],
  ['a double without a whole part', '{"13":{"dbl":.5}}', 'type-mismatch', 'd', 'digit'],
  ['a double without a fraction after its point', '{"13":{"dbl":1.}}', 'type-mismatch', 'd', 'digit'],
  ['a double without an exponent after its e', '{"13":{"dbl":1e+}}', 'type-mismatch', 'd', 'digit'],
  ['a double with a leading zero', '{"13":{"dbl":00.5}}', 'type-mismatch', 'd', 'a leading zero'],
  ['a double in quotes', '{"13":{"dbl":"1.5"}}', 'type-mismatch', 'd', 'a number'],
  ['a bare NaN', '{"13":{"dbl":NaN}}', 'type-mismatch', 'd', 'digit'],
  ['a bare infinity', '{"13":{"dbl":-Infinity}}', 'type-mismatch', 'd', 'digit'],
  ['an unknown word for a double', '{"13":{"dbl":"inf"}}', 'type-mismatch', 'd', 'a number'],
  ['a positive infinity with a sign', '{"13":{"dbl":"+Infinity"}}', 'type-mismatch', 'd', 'a number'],
  // other values
  ['a uuid without hyphens', '{"10":{"uid":"00112233445566778899aabbccddeeff"}}', 'type-mismatch', 'u', 'uuid'],
  ['a uuid in braces', '{"10":{"uid":"{00112233-4455-6677-8899-aabbccddeeff}"}}', 'type-mismatch', 'u', 'uuid'],
  ['binary that is not base64', '{"16":{"str":"%"}}', 'type-mismatch', 'bin', 'base64'],
  ['a string that is not closed', '{"2":{"str":"abc}}', 'truncated', 's', 'bytes needed'],
  ['an escape at the end', '{"2":{"str":"abc\\', 'truncated', 's', 'bytes needed'],
  ['an unknown field with an invalid value', '{"99":{"i8":128}}', 'type-mismatch', '', 'i8'],
  ['an unknown field that is not JSON', '{"99":{"lst":["str",1,]}}', 'type-mismatch', '', "'\"'"],
  ['a comment', '{/**/}', 'type-mismatch', '', "'\"'"],
  ['a blank that JSON does not have', '{\u000b}', 'type-mismatch', '', "'\"'"],
  ['a blank beyond ASCII', '{\u00a0}', 'type-mismatch', '', "'\"'"],
  ['no text at all', '', 'truncated', '', '1 bytes needed, 0 left'],
];

describe('refused text', () => {
  it.each(ROWS)('refuses a struct with %s', (_name, text, reason, path, detail) => {
    const error = codecError(() => codec.read(text));
    expect(error).toBeInstanceOf(ThriftReadError);
    expect(error).toMatchObject({ reason, path });
    expect(error.detail).toContain(detail);
    expect(error.message).toBe(path === '' ? error.detail : `${path}: ${error.detail}`);
  });

  it('leaves the refused text out of the error message', () => {
    for (const text of ['{"1":{"i32":secret}}', '{"2":{"str":secret}}', '{"secret":1}', '{"1":{"secret":1}}']) {
      expect(codecError(() => codec.read(text)).message).not.toMatch(/secret|cret/);
    }
  });
});
