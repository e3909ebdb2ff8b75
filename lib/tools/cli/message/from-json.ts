import type { Schema, StructSchema, ThriftType } from '../../../idl/schema.js';

/** Reports a JSON value that does not fit the IDL, with the path to the value. */
export class JsonArgumentError extends Error {
  override readonly name = 'JsonArgumentError';
}

/**
 * Converts JSON to the arguments of a call for the codec. Converts only values that JSON writes as
 * text: 64-bit integers, binary and the keys of objects. The codec checks the rest.
 *
 * @throws JsonArgumentError with the path of the argument
 */
export function argsFromJson(json: unknown, args: StructSchema, schema: Schema): Record<string, unknown> {
  return fieldsFromJson(json, args, schema, '');
}

function fromJson(json: unknown, type: ThriftType, schema: Schema, path: string): unknown {
  switch (type.kind) {
    case 'i64':
      return int64(json, path);
    case 'double':
      return double(json);
    case 'binary':
      return base64(json, path);
    case 'list':
    case 'set':
      if (!Array.isArray(json)) throw wrong(path, `an array, for a ${type.kind}`, json);
      return json.map((item, at) => fromJson(item, type.element, schema, `${path}[${at}]`));
    case 'map':
      return mapFromJson(json, type, schema, path);
    case 'struct':
      return fieldsFromJson(json, schema.structs.get(type.id)!, schema, path);
    default:
      return json;
  }
}

function fieldsFromJson(json: unknown, struct: StructSchema, schema: Schema, path: string): Record<string, unknown> {
  if (!isObject(json)) throw wrong(path, `an object with the fields of ${struct.name}`, json);
  const fields = new Map(struct.fields.map((field) => [field.name, field]));
  const at = (name: string): string => (path === '' ? name : `${path}.${name}`);
  const unknown = Object.keys(json).find((name) => !fields.has(name));
  if (unknown !== undefined) {
    const known = [...fields.keys()].join(', ') || 'none';
    throw new JsonArgumentError(`${JSON.stringify(at(unknown))} is not declared; ${struct.name} has: ${known}`);
  }
  return Object.fromEntries(
    Object.entries(json)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [name, fromJson(value, fields.get(name)!.type, schema, at(name))]),
  );
}

/** Refuses large numbers, because JSON.parse has rounded them to the nearest double. */
function int64(json: unknown, path: string): unknown {
  if (typeof json === 'string' && /^-?\d{1,20}$/.test(json)) return BigInt(json);
  if (typeof json === 'number' && Number.isInteger(json) && !Number.isSafeInteger(json)) {
    throw new JsonArgumentError(`${path}: a number of more than 53 bits is not exact in JSON; write it in quotes`);
  }
  return json;
}

function double(json: unknown): unknown {
  return typeof json === 'string' && /^(NaN|-?Infinity|-0)$/.test(json) ? Number(json) : json;
}

function base64(json: unknown, path: string): Buffer {
  const bytes = Buffer.from(typeof json === 'string' ? json : '', 'base64');
  if (bytes.toString('base64') === json) return bytes;
  throw wrong(path, 'padded base64 in quotes, for binary', json);
}

function mapFromJson(
  json: unknown,
  { key, value }: ThriftType & { readonly kind: 'map' },
  schema: Schema,
  path: string,
): Map<unknown, unknown> {
  if (Array.isArray(json)) {
    const pairs = json.map((pair: unknown, at) => {
      if (!Array.isArray(pair) || pair.length !== 2) throw wrong(`${path}[${at}]`, 'a pair of key and value', pair);
      const [k, v] = pair as readonly unknown[];
      return [fromJson(k, key, schema, `${path}[${at}][0]`), fromJson(v, value, schema, `${path}[${at}][1]`)] as const;
    });
    return new Map(pairs);
  }
  if (!isObject(json)) throw wrong(path, 'an object or an array of pairs, for a map', json);
  return new Map(
    Object.entries(json).map(([name, item]) => {
      const inside = `${path}[${JSON.stringify(name)}]`;
      return [keyFromName(name, key, schema, inside), fromJson(item, value, schema, inside)] as const;
    }),
  );
}

type KeyFromName = (name: string, path: string) => unknown;

const boolKey: KeyFromName = (name, path) => {
  if (name === 'true' || name === 'false') return name === 'true';
  throw wrong(path, 'true or false, for the key of a map', name);
};

const numberKey: KeyFromName = (name, path) => {
  if (name.trim() !== '' && (name === 'NaN' || !Number.isNaN(Number(name)))) return Number(name);
  throw wrong(path, 'a number, for the key of a map', name);
};

const noKey: KeyFromName = (name, path) => {
  throw wrong(path, 'an array of pairs for the map, because its keys are structures', name);
};

/** Maps key types to functions that read a key from the name of a JSON property. */
const KEYS_FROM_NAMES: Readonly<Partial<Record<ThriftType['kind'], KeyFromName>>> = {
  bool: boolKey,
  i8: numberKey,
  i16: numberKey,
  i32: numberKey,
  double: numberKey,
  enum: (name) => (/^-?\d+$/.test(name) ? Number(name) : name),
  list: noKey,
  set: noKey,
  map: noKey,
  struct: noKey,
};

/** Reads a map key from a property name, which is always text. */
function keyFromName(name: string, key: ThriftType, schema: Schema, path: string): unknown {
  const read = KEYS_FROM_NAMES[key.kind];
  return read === undefined ? fromJson(name, key, schema, path) : read(name, path);
}

function isObject(json: unknown): json is Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

function wrong(path: string, wanted: string, got: unknown): JsonArgumentError {
  const shown =
    got === null ? 'null' : Array.isArray(got) ? 'an array' : typeof got === 'object' ? 'an object' : `a ${typeof got}`;
  return new JsonArgumentError(`${path === '' ? 'the arguments' : path}: expected ${wanted}, got ${shown}`);
}
