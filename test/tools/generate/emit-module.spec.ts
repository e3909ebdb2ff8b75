import { describe, expect, it } from '@jest/globals';
import type { GenerateOptions } from '../../../lib/tools/generate/generate-options.js';
import { generateModules } from '../../../lib/tools/generate/generate-modules.js';
import { FIXTURES, INCLUDE_DIRS, moduleOf } from './harness.js';

/** The declarations of a module, without header, imports, schema and codecs. */
function declarations(idl: string, options: GenerateOptions = {}): string {
  const text = moduleOf(idl, options);
  return text
    .slice(text.indexOf('eslint-disable */') + 18)
    .replaceAll('// prettier-ignore\n', '')
    .replace(/\nimport [^;]*;\n/g, '')
    .replace(/\nconst [\s\S]*$/, '')
    .trim();
}

describe('generated types', () => {
  it('gives methods that others would call an underscore, where others would call them', () => {
    const text = moduleOf('service S { oneway void then(), oneway void toString(), oneway void onModuleInit() }');
    const members = (type: string): string[] => {
      const body = new RegExp(`interface ${type}[^{]*\\{\\n([\\s\\S]*?)\\n\\}`).exec(text)![1]!;
      return [...body.matchAll(/^ {2}(\w+)/gm)].map(([, name]) => name!);
    };
    expect(members('SClient')).toEqual(['then_', 'toString_', 'onModuleInit_']);
    expect(members('SHandlers')).toEqual(['then_', 'toString', 'onModuleInit_']);
    expect(members('SMethods')).toEqual(['then', 'toString', 'onModuleInit']);
  });

  it.each([
    ['bool', 'boolean', 'boolean'],
    ['i8', 'number', 'number'],
    ['i16', 'number', 'number'],
    ['i32', 'number', 'number'],
    ['i64', 'bigint', 'I64Input'],
    ['double', 'number', 'number'],
    ['string', 'string', 'string'],
    ['uuid', 'string', 'string'],
    ['binary', 'Buffer', 'BinaryInput'],
    ['E', 'E', 'EInput'],
    ['S', 'S', 'SInput'],
    ['list<i64>', 'bigint[]', 'readonly I64Input[]'],
    ['list<list<S>>', 'S[][]', 'readonly (readonly SInput[])[]'],
    ['set<E>', 'Set<E>', 'SetInput<EInput>'],
    ['map<i64, binary>', 'Map<bigint, Buffer>', 'MapInput<I64Input, BinaryInput>'],
    ['map<S, bool>', 'Map<S, boolean>', 'PairsInput<SInput, boolean>'],
    ['map<binary, bool>', 'Map<Buffer, boolean>', 'PairsInput<BinaryInput, boolean>'],
  ])('declares the output type of %s as %s and the input type as %s', (type, out, input) => {
    const text = moduleOf(`enum E { A = 1 } struct S { 1: required ${type} f }`);
    expect(text).toContain(`interface S {\n  f: ${out};\n}`);
    if (out !== input) expect(text).toContain(`interface SInput {\n  f: ${input};\n}`);
    else expect(text).toContain('export type SInput = S;');
  });

  it.each([
    ['1: required i32 f', 'f: number;', 'f: number;'],
    ['1: optional i32 f', 'f?: number | undefined;', 'f?: number | null | undefined;'],
    ['1: i32 f', 'f?: number | undefined;', 'f?: number | null | undefined;'],
    ['1: i32 f = 3', 'f: number;', 'f?: number | null | undefined;'],
    ['1: optional i32 f = 3', 'f: number;', 'f?: number | null | undefined;'],
    ['1: required i32 f = 3', 'f: number;', 'f?: number | null | undefined;'],
  ])('declares the field %j as %j in the output type and %j in the input type', (field, out, input) => {
    const text = moduleOf(`struct S { ${field} }`);
    expect(text).toContain(`interface S {\n  ${out}\n}`);
    expect(text).toContain(out === input ? 'type SInput = S;' : `interface SInput {\n  ${input}\n}`);
  });

  it('declares a union as OneOf with the documentation of its members', () => {
    expect(declarations('union U { /** Text. */ 1: string a, 2: i64 b }')).toBe(
      [
        'export type U = OneOf<{\n  /** Text. */\n  a: string;\n  b: bigint;\n}>;\n',
        '/** Accepted values of {@link U}. */',
        'export type UInput = OneOf<{\n  /** Text. */\n  a: string;\n  b: I64Input;\n}>;\n',
        '/** Values for the types of the same names, so that decorated classes may import the types without `type`. */',
        'export const\n  U: object = Object;',
      ].join('\n'),
    );
  });

  it('declares that a union with a default may be encoded without a member', () => {
    const text = declarations('union U { 1: string a, 2: i32 b = 7 }');
    expect(text).toContain('export type U = OneOf<{');
    expect(text).toContain('export type UInput = AtMostOneOf<{\n  a: string;\n  b: number;\n}>;');
    expect(declarations('union U { 1: string a = "x" } const U NONE = {} const list<U> MORE = [{}]')).toMatch(
      /const NONE: Readonly<U> = \{ a: 'x' \};[^]*MORE: readonly U\[\] = \[\n {2}\{ a: 'x' \} as U,\n\];/,
    );
  });

  it('declares i64 as number on request', () => {
    const text = declarations('const i64 A = 5\nconst list<i64> B = [-7]\nstruct S { 1: required i64 a }', {
      i64: 'number',
    });
    expect(text).toContain('export const A: number = 5;');
    expect(text).toContain('export const B: readonly number[] = [-7];');
    expect(text).toContain('interface S {\n  a: number;\n}');
  });

  it('declares arguments, a client and handlers for the oneway functions of a service', () => {
    expect(
      declarations('/** Q. */ service Q { /** F. */ oneway void f(1: i64 a, 2: string b = "x"), i32 g(1: i32 no) }'),
    ).toBe(
      `/** The arguments of Q.f. */
export interface FArgs {
  a: bigint;
  b: string;
}

/** Accepted values of {@link FArgs}. */
export interface FArgsInput {
  a: I64Input;
  b?: string | null | undefined;
}

/** Lists the oneway functions of Q, with the arguments to emit and the arguments that handlers get. */
export interface QMethods {
  /** F. */
  f: { emit: FArgsInput; handle: FArgs };
}

/** Calls the oneway functions of Q. Each call resolves with the id of the stored message. */
export interface QClient {
  /** F. */
  f(a: I64Input, b?: string | null): Promise<string>;
}

/** Handles the oneway functions of Q. Controllers implement this interface. */
export interface QHandlers<Context = unknown> {
  /** F. */
  f(args: FArgs, context: Context): unknown;
}

/** Values for the types of the same names, so that decorated classes may import the types without \`type\`. */
export const
  FArgs: object = Object;`,
    );
  });

  it('extends the interfaces of the extended service, in the same file and in an included file', () => {
    const text = moduleOf(
      'service A { oneway void f() } service B extends A { oneway void g(1: i32 x) } service C extends B {}',
    );
    expect(text).toContain('interface BMethods extends AMethods {\n  g: { emit: GArgsInput; handle: GArgs };\n}');
    expect(text).toContain('interface CMethods extends BMethods {}');
    const sink = generateModules(FIXTURES, { includeDirs: INCLUDE_DIRS }).find(({ path }) =>
      path.endsWith('kitchen-sink.ts'),
    )!;
    expect(sink.text).toMatch(/export interface \w+Methods extends base\.\w+Methods \{/);
  });

  it('prefixes argument types with the service name when two services share a function name', () => {
    const text = declarations('service A { oneway void f() } service B { oneway void f(), oneway void g() }');
    expect([...text.matchAll(/interface (\w+Args) /g)].map(([, name]) => name)).toEqual(['AFArgs', 'BFArgs', 'GArgs']);
  });
});

describe('with enums: const', () => {
  it('declares enums as objects with a union of their numbers, for the members of the IDL', () => {
    const idl = '/** E. */ enum E { A = 1, NaN = 2, __proto__ = -3 } enum N {} const E C = E.NaN const list<E> L = [1]';
    const text = declarations(idl, { enums: 'const' });
    expect(text).toContain('/** E. */\nexport const E = {\n  A: 1,\n  NaN_: 2,\n  __proto___: -3,\n} as const;\n');
    expect(text).toContain('export type E = (typeof E)[keyof typeof E];\n');
    expect(text).toContain(
      "export type EInput = E | Exclude<keyof typeof E, 'NaN_' | '__proto___'> | 'NaN' | '__proto__';\n",
    );
    expect(text).toContain('export const N = {} as const;\n');
    expect(text).toContain('export type N = number;\n');
    expect(text).toContain('export const C: E = E.NaN_;\n');
    expect(text).toContain('export const L: readonly E[] = [E.A];');
    expect(text).not.toMatch(/\benum /);
  });
});

describe('with declareOnly', () => {
  it('declares enums as unions of their numbers and emits no values', () => {
    const idl =
      '/** E. */ enum E { A = 1, B = 2, ALSO_B = 2 } enum N {} const i32 C = 1 service Q { oneway void f(1: E e) }';
    const text = moduleOf(idl, { declareOnly: true });
    expect(text).toContain('/**\n * E.\n *\n * A = 1, B = 2, ALSO_B = 2\n */\nexport type E = 1 | 2;\n');
    expect(text).toContain("export type EInput = E | 'A' | 'B' | 'ALSO_B';\n");
    expect(text).toContain('export type N = number;\n');
    expect(text).toContain('export interface QClient {\n  f(e: EInput): Promise<string>;\n}');
    expect(text).not.toMatch(/\b(const|enum|function)\b/);
  });
});

describe('generated names', () => {
  it.each([
    ['struct class {}', 'interface class_ {'],
    ['struct Map {}', 'interface Map_ {'],
    ['struct constructor {}', 'interface constructor {'],
    ['const i32 default = 1', 'const default_: number'],
    ['enum enum_ {}', 'enum enum_ {'],
    ['struct any {} struct any_ {}', 'interface any__ {'],
    ['struct S {} struct SInput {}', 'type SInput_ = S;'],
    ['struct Foo {} const i32 Foo = 1', 'const Foo_: number'],
    ['struct schema {} const i32 structs = 1 service Q {}', 'const structs_: number'],
    ['struct QClient {} service Q {}', 'TypedService<QMethods, QClient_>'],
    [
      'service Q { oneway void new(1: i32 class, 2: i32 this) }',
      "'new'(class_: number, this_: number): Promise<string>;",
    ],
    ['enum E { NaN, this }', '  NaN_ = 0,\n  this = 1,'],
    ['struct S { 1: i32 binaryCodecs } const i32 binaryCodecs = 1', 'const binaryCodecs_: number'],
  ])('generates a valid name for: %s', (idl, expected) => {
    expect(moduleOf(idl)).toContain(expected);
  });
});

describe('doc comments', () => {
  it.each([
    ['one line', '/** Hello. */', '/** Hello. */\n'],
    ['several lines', '/** A.\n * B. */', '/**\n * A.\n * B.\n */\n'],
    ['an escaped end mark', '/** a *\\/ b **/', '/** a *\\/ b * */\n'],
    ['a directive', '/** @ts-ignore */', '/** \\@ts-ignore */\n'],
  ])('keeps a doc comment with %s', (_, comment, expected) => {
    expect(moduleOf(`${comment}\nstruct S {}`)).toContain(`\n${expected}export interface S {}`);
  });

  it('escapes every comment end inside a doc comment', async () => {
    const { docLines } = await import('../../../lib/tools/generate/statement.js');
    const text = docLines('a */ alert() /* b\u2028*/ c').join('\n');
    expect(text.match(/\*\//g)).toHaveLength(1);
    expect(text.split('\n')).toEqual(['/**', ' * a *\\/ alert() /* b', ' * *\\/ c', ' */']);
  });
});
