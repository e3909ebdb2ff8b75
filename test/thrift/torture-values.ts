const UUID = '00112233-4455-6677-8899-aabbccddeeff';

/** Values of torture.thrift in shapes that both our codecs and the generated classes take: sets as arrays, maps as plain objects. */
const SCALARS = {
  yes: true,
  no: false,
  tiny: -128,
  short: -32768,
  int: 2147483647,
  long: -9007199254740991,
  ratio: -0.1,
  text: 'grüße 世界 \u0000 𝄞',
  bytes: Buffer.from([0, 255, 128]),
  id: UUID,
  color: -7,
  count: 0,
};

const IDS = { far: true, one: false, sixteen: 1, seventeen: 2, jump: 3, after: true, back: 4, last: 5 };

const CONTAINERS = {
  flags: [true, false, true, true],
  flagSet: [false, true],
  flagMap: { true: false, false: true },
  tiny: [0, -1, 127, -128],
  shorts: [0, -1, 32767, -32768, 63, 64, -64, -65],
  ints: [0, -1, 2147483647, -2147483648],
  longs: [0, -1, 9007199254740991, -9007199254740991, 4294967296],
  ratios: [0, 1.5, -1e300, 5e-324, Infinity, -Infinity],
  texts: ['', 'a', 'ä'.repeat(100), 'x'.repeat(200)],
  blobs: [Buffer.alloc(0), Buffer.alloc(200, 7)],
  ids: [UUID, 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
  colors: [1, 2147483647, 99],
  points: [{ x: 1, y: undefined, z: 0.5 }, { x: -1, y: 2, z: 3 }], // prettier-ignore
  names: ['a', 'b'],
  numbers: Array.from({ length: 20 }, (_, i) => i * 1000),
  sizes: { a: 1, b: -5000000000 },
  labels: { 1: 'one', 300: 'many' },
  places: { home: { x: 3, y: undefined, z: 0.5 } },
  grid: { 1: [true], 2: [] },
  nested: [{ k: [1, 2] }, {}],
  cube: [[[1], []], [], [[2, 3]]],
  table: { row: { cell: true, other: false }, empty: {} },
  empties: [{}, {}],
  byColor: { 1: 5, 2: 6 },
};

const DEFAULTS = {
  on: false,
  tiny: 0,
  int: 1,
  long: 2,
  ratio: 3,
  text: '',
  color: 1,
  list: [],
  set: ['z'],
  map: {},
  point: { x: 0, y: undefined, z: 1 },
  maybe: 'no',
  must: 10,
};

const leaf = { value: 3, children: undefined, named: undefined, leaf: { text: 'end' } };

const TREE = {
  value: 1,
  children: [leaf, { value: 2, children: [], named: { left: leaf }, leaf: { tree: leaf } }],
  named: {},
  leaf: undefined,
};

export const TORTURE = {
  scalars: SCALARS,
  containers: CONTAINERS,
  defaults: DEFAULTS,
  tree: TREE,
  shapes: [{ radius: 1 }, { corner: { x: 2, y: 3, z: 4 } }, { parts: [{ nothing: false }, { label: 'l' }] }],
  failed: { code: 1, why: 'because' },
  empty: {},
};

/** A name of the IDL, and values of it. */
export const VALUES: readonly [struct: string, value: object][] = [
  ['Scalars', SCALARS],
  ['Ids', IDS],
  ['Ids', { one: true, seventeen: 1, last: 2 }],
  ['Ids', { back: 1, jump: 2, far: false }],
  ['Negative', { first: 1, second: true, third: 'x' }],
  ['Containers', CONTAINERS],
  ['Containers', {}],
  ['Defaults', DEFAULTS],
  ['Tree', TREE],
  ['Shape', { parts: TORTURE.shapes }],
  ['Failed', TORTURE.failed],
  ['Empty', {}],
  ['Torture', TORTURE],
];
