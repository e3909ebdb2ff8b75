import type { FieldSchema } from 'nestjs-sqs-thrift/idl';
import { fieldsOf, parametersOf, service } from './contract.js';
import type { Call } from './calls.js';
import type { Cell } from './cells.js';
import type { Deviation } from './deviation.js';
import { isObject, type Plain } from './plain.js';

/** All that the runtimes are known to do otherwise, each as narrow as its cause. */
export const DEVIATIONS: readonly Deviation[] = [
  {
    id: 'go-map-keys',
    why: 'Go has no maps whose keys are sets, so its compiler refuses CrazyNesting (build.sh sees that it still does)',
    applies: ({ producer, consumer }, { method }) =>
      method === 'testCrazyNesting' && [producer, consumer].includes('go'),
    unsent: true,
  },
  {
    id: 'java-zero',
    why: 'Java writes numbers and bools that were never set as zero, unless their fields are optional',
    applies: ({ producer }) => producer === 'java',
    alter: (args, { method }) => withZeros(parametersOf(method)!, args, NUMBERS),
  },
  {
    id: 'go-zero',
    why: 'in Go a field that is not optional is always there: unset, it is zero or an empty string',
    applies: ({ producer, consumer }) => [producer, consumer].includes('go'),
    alter: (args, { method }) => withZeros(parametersOf(method)!, args, { ...NUMBERS, string: '' }),
  },
  {
    id: 'java-uuid-containers',
    why: 'Java cannot read lists, sets and maps of uuid: it does not know how long one is at least',
    applies: ({ consumer }, { name }) =>
      consumer === 'java' && ['every field', 'list<uuid>', 'set<uuid>', 'map<uuid,double>'].includes(name),
    error: /unrecognized type code/,
  },
  {
    id: 'python-json-doubles',
    why: 'Python writes NaN and infinities as bare words, which is no JSON and which no runtime reads, its own included',
    applies: ({ producer, protocol }, { expected }) =>
      producer === 'python' && protocol === 'json' && /"(NaN|[7f]ff0{13})"/.test(JSON.stringify(expected)),
    error: /found other JSON|Bad data encounted|Unexpected character:[ni]|Unable to parse number/,
  },
  {
    id: 'python-json-controls',
    why: 'Python writes control characters into JSON as they are, and SQS takes no body with them',
    applies: ({ producer, protocol }, { expected }) =>
      producer === 'python' && protocol === 'json' && /\\u00[01]/.test(JSON.stringify(expected)),
    error: /^not sent: .*InvalidMessageContents/,
  },
  {
    id: 'go-json-binary-keys',
    why: 'Go has strings for keys of maps that are binary and writes them into JSON as text, not as base64, where others fail on it',
    applies: (cell, call) => hasBinaryKeys(cell, call) && cell.producer === 'go' && cell.consumer !== 'go',
    error: /not base64|only ASCII|IllegalArgumentException: -3/,
  },
  {
    id: 'go-json-binary-keys-read',
    why: 'in the same way Go takes the base64 of such keys for the key; from Go itself, what is not UTF-8 is lost',
    applies: (cell, call) => hasBinaryKeys(cell, call) && cell.consumer === 'go',
    alter: (args, _call, { producer }) => {
      const key = producer === 'go' ? '\u0000\ufffd\ufffd' : Buffer.from(BINARY_KEY, 'hex').toString('base64');
      return JSON.parse(JSON.stringify(args).replace(`["${BINARY_KEY}",`, `[${JSON.stringify(key)},`)) as typeof args;
    },
  },
];

/** The one key that is binary and not UTF-8. */
const BINARY_KEY = '00ff80';

function hasBinaryKeys({ protocol }: Cell, { name }: Call): boolean {
  return protocol === 'json' && name === 'OptionalBinary';
}

type Zeros = Readonly<Partial<Record<string, Plain>>>;

const NUMBERS: Zeros = { bool: false, i8: '0', i16: '0', i32: '0', i64: '0', double: '0'.repeat(16) };

/** The same with zeros for the fields of structs that are neither there nor optional. Of the cases, none has such structs in containers. */
function withZeros<T extends Readonly<Record<string, Plain>>>(
  fields: readonly FieldSchema[],
  values: T,
  zeros: Zeros,
): T {
  const found = fields.map(({ name, type, requiredness }) => {
    const value = values[name] ?? (requiredness === 'default' ? zeros[type.kind] : undefined);
    const inner = type.kind === 'struct' && isObject(value) && service.schema.structs.get(type.id)!.kind !== 'union';
    return [name, inner ? withZeros(fieldsOf(type.id), value, zeros) : value] as const;
  });
  return Object.fromEntries(found.filter(([, value]) => value !== undefined)) as T;
}
