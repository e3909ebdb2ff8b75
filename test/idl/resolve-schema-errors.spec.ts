import { describe, expect, it } from '@jest/globals';
import type { IdlErrorCode } from '../../lib/idl/errors.js';
import { loadSchemaFromText } from '../../lib/idl/load-schema.js';
import { errorOf, expectedMessage } from './support.js';

const INCLUDES = {
  'inc.thrift': [
    'namespace java inc',
    'enum E { A = 1 }',
    'struct S { 1: i32 a }',
    'exception X {}',
    'const i32 C = 1',
    'const E EC = E.A',
    'service Base { void f() }',
  ].join('\n'),
};

/** Lists each mistake, the IDL, the position and the error text. */
const ROWS: readonly (readonly [code: IdlErrorCode, idl: string, place: string, message: string])[] = [
  ['unknown-type', 'struct File {}\nstruct A { 1: Fil file }', '2:15', 'unknown type "Fil": did you mean "File"?'],
  ['unknown-type', 'struct A { 1: Nothing a }', '1:15', 'unknown type "Nothing"'],
  ['unknown-type', 'struct A { 1: list<map<i32, strin>> a }', '1:29', 'unknown type "strin": did you mean "string"?'],
  ['unknown-type', 'service S { Foo f() }', '1:13', 'unknown type "Foo"'],
  ['unknown-type', 'service S { void f(1: Foo a) }', '1:23', 'unknown type "Foo"'],
  ['unknown-type', 'service S {} struct A { 1: S s }', '1:28', '"S" is a service, a type is needed here'],
  ['unknown-type', 'typedef Foo Bar', '1:9', 'unknown type "Foo"'],
  ['unknown-type', 'const Foo A = 1', '1:7', 'unknown type "Foo"'],
  [
    'unknown-type',
    "include 'inc.thrift'\nstruct A { 1: inc.T s }",
    '2:15',
    'unknown type "inc.T": did you mean "inc.E"?',
  ],
  [
    'file-not-found',
    "include 'gone.thrift'\nstruct A { 1: gone.T s }",
    '2:15',
    'unknown type "gone.T": the include "gone.thrift" was not found, tried gone.thrift',
  ],
  [
    'file-not-found',
    "include 'gone.thrift'\nconst i32 A = gone.B",
    '2:15',
    'unknown constant "gone.B": the include "gone.thrift" was not found, tried gone.thrift',
  ],
  ['duplicate-name', 'struct A {} struct A {}', '1:20', 'there is already a type or service named "A"'],
  ['duplicate-name', 'enum A {} union A {}', '1:17', 'there is already a type or service named "A"'],
  ['duplicate-name', 'service A {} struct A {}', '1:21', 'there is already a type or service named "A"'],
  ['duplicate-name', 'typedef i32 A service A {}', '1:23', 'there is already a type or service named "A"'],
  ['duplicate-name', 'const i32 A = 1 const i32 A = 2', '1:27', 'there is already a constant named "A"'],
  [
    'duplicate-name',
    "include 'inc.thrift'\nnamespace java inc\nstruct S {}",
    '3:8',
    'the included inc.thrift already defines "S" in the same namespaces, and code generated from both would clash: rename one, or give the files different namespaces',
  ],
  ['typedef-cycle', 'typedef A A', '1:9', 'typedefs refer to one another: A -> A'],
  ['typedef-cycle', 'typedef list<A> A', '1:14', 'typedefs refer to one another: A -> A'],
  ['typedef-cycle', 'typedef A B typedef B C typedef C A', '1:21', 'typedefs refer to one another: B -> A -> C -> B'],
  ['extends-cycle', 'service A extends A {}', '1:19', 'services extend one another: A -> A'],
  [
    'extends-cycle',
    'service A extends B {} service B extends A {}',
    '1:19',
    'services extend one another: A -> B -> A',
  ],
  [
    'declared-below',
    'service A extends B {} service B {}',
    '1:19',
    'the service "B" must be declared above the place that needs it',
  ],
  ['unknown-service', 'service A extends Nope {}', '1:19', 'unknown service "Nope"'],
  [
    'unknown-service',
    'service Base {} service A extends Bas {}',
    '1:35',
    'unknown service "Bas": did you mean "Base"?',
  ],
  ['unknown-service', 'struct T {} service A extends T {}', '1:31', '"T" is a type, a service is needed here'],
  [
    'unknown-service',
    "include 'inc.thrift' service A extends inc.Bose {}",
    '1:40',
    'unknown service "inc.Bose": did you mean "inc.Base"?',
  ],
  [
    'duplicate-name',
    'service A { void f() } service B extends A { void f() }',
    '1:51',
    'the function "f" is already inherited from the service "A"',
  ],
  [
    'duplicate-name',
    "include 'inc.thrift' service A extends inc.Base {} service B extends A { i32 f() }",
    '1:78',
    'the function "f" is already inherited from the service "Base"',
  ],
  ['bad-throws', 'struct T {} service A { void f() throws (1: T t) }', '1:45', 'only exceptions can be thrown'],
  ['bad-throws', 'service A { void f() throws (1: i32 t) }', '1:33', 'only exceptions can be thrown'],
  [
    'declared-below',
    'service A { void f() throws (1: X x) } exception X {}',
    '1:33',
    'the exception "X" must be declared above the place that needs it',
  ],
  [
    'bad-union',
    'union U { 1: i32 a = 1, 2: i32 b = 2 }',
    '1:32',
    'the union "U" has a second default value: only one of its fields can be set',
  ],
  ['bad-constant', "const bool A = 'yes'", '1:16', 'bool cannot be a string'],
  ['bad-constant', 'const bool A = 1.0', '1:16', 'bool cannot be a double'],
  ['bad-constant', 'const i8 A = 128', '1:14', '128 is out of the range of i8'],
  ['bad-constant', 'const i16 A = -32769', '1:15', '-32769 is out of the range of i16'],
  ['bad-constant', 'const i32 A = 0xFFFFFFFF', '1:15', '4294967295 is out of the range of i32'],
  ['bad-constant', 'const i32 A = 1.5', '1:15', 'i32 cannot be a double'],
  ['bad-constant', "const i64 A = '1'", '1:15', 'i64 cannot be a string'],
  ['bad-constant', "const double A = 'x'", '1:18', 'double cannot be a string'],
  ['bad-constant', 'const string A = 1', '1:18', 'string cannot be an integer'],
  ['bad-constant', 'const binary A = []', '1:18', 'binary cannot be a list in [ ]'],
  [
    'bad-constant',
    "const uuid A = 'zz'",
    '1:16',
    'this is not a uuid: it looks like 00112233-4455-6677-8899-aabbccddeeff',
  ],
  ['bad-constant', 'const uuid A = 7', '1:16', 'uuid cannot be an integer'],
  ['bad-constant', 'const list<i32> A = 1', '1:21', 'list<i32> cannot be an integer'],
  ['bad-constant', 'const list<i32> A = {1: 2}', '1:21', 'list<i32> cannot be a map in { }'],
  ['bad-constant', "const list<i32> A = [1, 'x']", '1:25', 'i32 cannot be a string'],
  ['bad-constant', 'const map<i32, i32> A = [1]', '1:25', 'map<i32, i32> cannot be a list in [ ]'],
  ['bad-constant', 'const map<i32, string> A = {1: 2}', '1:32', 'string cannot be an integer'],
  ['bad-constant', 'const set<i8> A = [1000]', '1:20', '1000 is out of the range of i8'],
  [
    'bad-constant',
    'enum E { RED, GREEN } const E A = E.GREN',
    '1:35',
    'the enum "E" has no value "GREN": did you mean "GREEN"?',
  ],
  ['bad-constant', 'enum E { RED } const E A = 5', '1:28', 'the enum "E" has no value 5'],
  ['bad-constant', "enum E { RED } const E A = 'RED'", '1:28', 'enum "E" cannot be a string'],
  ['bad-constant', 'enum E { RED } const E A = RED', '1:28', 'write "E.RED": values need the name of their enum'],
  ['bad-constant', 'enum E { RED } const i32 A = E.BLUE', '1:30', 'unknown constant "E.BLUE"'],
  [
    'bad-constant',
    'enum E { RED } enum F { RED } const E A = E.RED const F B = A',
    '1:61',
    'enum "F" cannot be "A", which is enum "E"',
  ],
  ['bad-constant', "include 'inc.thrift' const string A = inc.C", '1:39', 'string cannot be an integer'],
  ['bad-constant', "include 'inc.thrift' const i32 A = inc.EC", '1:36', 'i32 cannot be "inc.EC", which is enum "E"'],
  ['bad-constant', 'const i32 A = B', '1:15', 'unknown constant "B"'],
  [
    'declared-below',
    'const i32 A = B const i32 B = 1',
    '1:15',
    'the constant "B" must be declared above the place that needs it',
  ],
  ['bad-constant', 'const i32 A = A', '1:15', 'the constant "A" refers to itself'],
  ['bad-constant', 'const list<i32> A = [1, A]', '1:25', 'the constant "A" refers to itself'],
  ['bad-constant', 'const i32 LIMIT = 1 const i32 A = LIMT', '1:35', 'unknown constant "LIMT": did you mean "LIMIT"?'],
  ['bad-constant', 'const i32 BIG = 1000 const i8 A = BIG', '1:35', '1000 is out of the range of i8'],
  ['bad-constant', 'const list<i32> A = [] const i32 B = A', '1:38', 'i32 cannot be "A", which is list<i32>'],
  ['bad-constant', 'const i32 A = 1 const list<i32> B = A', '1:37', 'list<i32> cannot be "A", which is a single value'],
  [
    'bad-constant',
    'const list<i32> A = [] const list<i64> B = A',
    '1:44',
    'list<i64> cannot be "A", which is list<i32>',
  ],
  [
    'bad-constant',
    "struct S { 1: i32 count } const S A = {'cuont': 1}",
    '1:40',
    'the struct "S" has no field "cuont": did you mean "count"?',
  ],
  ['bad-constant', "struct S { 1: i32 a } const S A = {'a': 'x'}", '1:41', 'i32 cannot be a string'],
  ['bad-constant', 'struct S { 1: i32 a } const S A = {1: 2}', '1:36', 'the fields of struct "S" are named by strings'],
  ['bad-constant', 'struct S { 1: i32 a } const S A = []', '1:35', 'struct "S" cannot be a list in [ ]'],
  ['bad-constant', "struct S { 1: i32 a } const S A = {'a': 1, 'a': 2}", '1:44', 'the field "a" is given twice'],
  [
    'bad-constant',
    "union U { 1: i32 a, 2: i32 b } const U A = {'a': 1, 'b': 2}",
    '1:53',
    'the union "U" can hold one field only',
  ],
  ['bad-constant', "exception X { 1: i32 a } const X A = {'b': 1}", '1:39', 'the exception "X" has no field "b"'],
  [
    'declared-below',
    'const S A = {} struct S {}',
    '1:7',
    'the type "S" must be declared above the place that needs it',
  ],
  [
    'declared-below',
    'const T A = 1 typedef i32 T',
    '1:7',
    'the type "T" must be declared above the place that needs it',
  ],
  ['declared-below', 'struct A { 1: A a = {} }', '1:15', 'the type "A" must be declared above the place that needs it'],
  [
    'declared-below',
    'struct A { 1: E e = E.X } enum E { X }',
    '1:15',
    'the type "E" must be declared above the place that needs it',
  ],
  [
    'declared-below',
    'struct A { 1: list<E> e = [0] } enum E { X }',
    '1:28',
    'the enum "E" must be declared above the place that needs it',
  ],
  ['declared-below', 'const i32 A = E.X enum E { X }', '1:15', '"E.X" must be declared above the place that needs it'],
  ['bad-constant', "struct A { 1: i32 a = 'x' }", '1:23', 'i32 cannot be a string'],
  ['bad-constant', "service S { void f(1: bool a = 'x') }", '1:32', 'bool cannot be a string'],
  ['bad-constant', 'struct A {\n  1: i32 ok\n  2: i8 big = 300\n}', '3:15', '300 is out of the range of i8'],
];

/** A service, and so many that extend one another. */
const heirs = (count: number): string =>
  `service S0 {} ${Array.from({ length: count }, (_, at) => `service S${at + 1} extends S${at} {}`).join(' ')}`;

describe('semantic errors of an IDL', () => {
  it.each(ROWS)('throws the error %s for %j at %s', (code, idl, place, message) => {
    const error = errorOf(() => loadSchemaFromText(idl, { fileName: 'test.thrift', includes: INCLUDES }));
    expect(error.message).toBe(expectedMessage('test.thrift', idl, place, message));
    expect({ code: error.code, file: error.file, place: `${error.line}:${error.column}` }).toEqual({
      code,
      file: 'test.thrift',
      place,
    });
  });

  it('refuses services that extend one another more than 200 levels deep', () => {
    expect(loadSchemaFromText(heirs(199)).services.size).toBe(200);
    const idl = heirs(250);
    const error = errorOf(() => loadSchemaFromText(idl));
    expect([error.code, error.message.split('\n')[0]]).toEqual([
      'too-deep',
      `inline.thrift:1:${idl.indexOf('S199 {}', idl.indexOf('S200')) + 1}: services extend one another more than 200 deep`,
    ]);
  });
});
