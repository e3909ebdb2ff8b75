import { describe, expect, it } from '@jest/globals';
import { KITCHEN_SINK, jsonOf } from './harness.js';

const codec = jsonOf(KITCHEN_SINK);

describe('accepted text', () => {
  it('accepts blanks wherever JSON allows blanks', () => {
    const tokens =
      '{ "1" : { "i32" : 5 } , "8" : { "map" : [ "i32" , "i32" , 2 , { "1" : 2 , "3" : 4 } ] } , "6" : { "set" : [ "i16" , 1 , 7 ] } }';
    for (const blank of [' ', '\t', '\n', '\r', ' \r\n\t '.repeat(100)]) {
      expect(codec.read(tokens.replaceAll(' ', blank))).toMatchObject({
        n: 5,
        m: new Map([
          [1, 2],
          [3, 4],
        ]),
        shorts: new Set([7]),
      });
    }
  });

  it.each([
    ['5e-1', 0.5],
    ['5E+1', 50],
    ['1.50', 1.5],
    ['0.10000000000000001', 0.1],
    ['1.0E10', 1e10],
    ['-0.0', -0],
    ['0', 0],
    ['1e-400', 0],
    [`0.${'1'.repeat(10_000)}`, 1 / 9],
    ['"NaN"', NaN],
    ['"-Infinity"', -Infinity],
  ])('accepts %s as a double', (literal, value) => {
    expect((codec.read(`{"13":{"dbl":${literal}}}`) as { d: number }).d).toBe(value);
  });

  it('accepts a uuid in upper case', () => {
    const text = '{"10":{"uid":"00112233-4455-6677-8899-AABBCCDDEEFF"}}';
    expect(codec.read(text)).toMatchObject({ u: '00112233-4455-6677-8899-aabbccddeeff' });
  });

  it('keeps the last map entry of a repeated key', () => {
    expect(codec.read('{"8":{"map":["i32","i32",2,{"1":2,"1":3}]}}')).toMatchObject({ m: new Map([[1, 3]]) });
  });

  it('ignores the element types of empty containers', () => {
    const text = '{"3":{"lst":["tf",0]},"8":{"map":["uid","set",0,{}]}}';
    expect(codec.read(text)).toMatchObject({ points: [], m: new Map() });
  });

  it.each(['tf', 'i8', 'i16', 'i32', 'i64'])('skips an unknown field of type %s', (type) => {
    expect(codec.read(`{"99":{"${type}":1},"1":{"i32":5}}`)).toMatchObject({ n: 5 });
  });

  it.each([
    '"dbl":-1.5e3',
    '"dbl":"NaN"',
    '"str":"\\"}"',
    '"uid":"00112233-4455-6677-8899-aabbccddeeff"',
    '"rec":{"1":{"rec":{}},"2":{"tf":0}}',
    '"lst":["rec",2,{},{"5":{"str":"]"}}]',
    '"set":["lst",1,["map",1,["str","tf",1,{"a":1}]]]',
    '"map":["i32","str",2,{"1":"a","-2":"b"}]',
    '"map":["dbl","dbl",2,{"NaN":"NaN","1.5":2.5}]',
    '"map":["tf","i64",1,{"1":9223372036854775807}]',
    '"map":["rec","lst",1,{{"1":{"i8":1}}:["i8",0]}]',
    '"map":["str","uid",0,{}]',
  ])('skips an unknown field {%s}', (field) => {
    expect(codec.read(`{"99":{${field}},"1":{"i32":5}}`)).toMatchObject({ n: 5 });
  });
});
