import { describe, expect, it } from '@jest/globals';
import { argsFromJson } from '../../../../lib/tools/cli/message/from-json.js';
import { fieldsToJson } from '../../../../lib/tools/cli/message/to-json.js';
import { jsonText, lineText } from '../../../../lib/tools/cli/text.js';
import { createEventCodec } from '../../../../lib/event/event-codec.js';
import { loadSchemaFromText } from '../../../../lib/idl/load-schema.js';
import { findService } from '../../../../lib/idl/find-service.js';
import { loadCases, loadVectorsService, untaggedFields } from '../../../vectors/load-vectors.js';

const vectors = loadVectorsService();
const codec = createEventCodec([vectors]);

describe('JSON of arguments', () => {
  it.each(loadCases().map(({ name, method, args }) => [name, method, untaggedFields(args)] as const))(
    'restores the same bytes from the printed JSON of %s',
    (_, method, args) => {
      const sent = codec.encode({ method, args });
      const { args: struct } = vectors.functions.get(method)!;
      const [decoded] = codec.decode(sent.toString('base64'));
      const text = jsonText(fieldsToJson(decoded!.args, struct, vectors.schema));
      const again = argsFromJson(JSON.parse(text), struct, vectors.schema);
      expect(codec.encode({ method, args: again }).toString('hex')).toBe(sent.toString('hex'));
    },
  );
});

describe('JSON of maps', () => {
  const schema = loadSchemaFromText(`
    struct Point { 1: i32 x }
    enum Color { RED = 1 }
    service Maps {
      oneway void f(1: map<string, string> texts, 2: map<Color, i64> colors, 3: map<Point, bool> points, 4: map<bool, double> flags)
    }`);
  const { args: struct } = findService(schema, 'Maps').functions.get('f')!;
  const print = (args: Record<string, unknown>): string => jsonText(fieldsToJson(args, struct, schema));
  const read = (json: string): unknown => argsFromJson(JSON.parse(json), struct, schema);

  it('prints a map as an object when the keys have names and as an array of pairs otherwise', () => {
    const args = {
      texts: new Map([['__proto__', 'x']]),
      colors: new Map([[1, 2n ** 62n]]),
      points: new Map([[{ x: 1 }, true]]),
      flags: new Map([[false, NaN]]),
    };
    const json =
      '{"texts":{"__proto__":"x"},"colors":{"RED":"4611686018427387904"},"points":[[{"x":1},true]],"flags":{"false":"NaN"}}';
    expect(print(args)).toBe(json);
    expect(read(json)).toEqual({ ...args, colors: new Map([['RED', 2n ** 62n]]) });
  });

  it.each([
    [
      '{"points":{"a":true}}',
      'points["a"]: expected an array of pairs for the map, because its keys are structures, got a string',
    ],
    ['{"flags":{"yes":1}}', 'flags["yes"]: expected true or false, for the key of a map'],
    ['{"flags":[[true]]}', 'flags[0]: expected a pair of key and value, got an array'],
    ['{"colors":3}', 'colors: expected an object or an array of pairs, for a map, got a number'],
    ['[]', 'the arguments: expected an object with the fields of f_args, got an array'],
  ])('refuses the JSON %s', (json, message) => {
    expect(() => read(json)).toThrow(message);
  });
});

describe('escaping of text from a queue', () => {
  const HOSTILE = 'a\u0000\u001b[31m\u009b\u202e\u2028\u{e0001}z';

  it('escapes control characters in JSON for a terminal and keeps the JSON value equal', () => {
    const text = jsonText({ HOSTILE }, 2);
    expect(text.replaceAll('\n', '')).toMatch(/^[\x20-\x7e]+$/);
    expect(JSON.parse(text)).toEqual({ HOSTILE });
  });

  it('escapes line breaks and control characters in a printed line', () => {
    expect(lineText(`a\n${HOSTILE}`)).toBe('a\\na\\u0000\\u001b[31m\\u009b\\u202e\\u2028\\udb40\\udc01z');
  });
});
