import type { IdlPair } from '../pair.js';

const T = 'struct T { 1: optional i32 x }';
const T64 = 'struct T { 1: optional i64 x }';

export const TYPES: readonly IdlPair[] = [
  {
    name: 'an i32 made an i64',
    old: 'struct S { 1: i32 a }',
    new: 'struct S { 1: i64 a }',
    found: ['breaking: type-changed S.a'],
  },
  {
    name: 'a string made a uuid',
    old: 'struct S { 1: string a }',
    new: 'struct S { 1: uuid a }',
    found: ['breaking: type-changed S.a'],
  },
  {
    name: 'byte written as i8',
    old: 'struct S { 1: byte a, 2: list<byte> b }',
    new: 'struct S { 1: i8 a, 2: list<i8> b }',
    found: [],
  },
  {
    name: 'a typedef in place of its type',
    old: 'struct S { 1: map<string, i64> a }',
    new: 'typedef i64 Size typedef map<string, Size> Sizes struct S { 1: Sizes a }',
    found: [],
  },
  {
    name: 'a typedef that stands for something else now',
    old: 'typedef i32 Id struct S { 1: Id a, 2: list<Id> b }',
    new: 'typedef i64 Id struct S { 1: Id a, 2: list<Id> b }',
    found: ['breaking: type-changed S.a', 'breaking: type-changed S.b'],
  },
  {
    name: 'text made bytes',
    old: 'struct S { 1: string a }',
    new: 'struct S { 1: binary a }',
    found: ['warning, breaking: text-or-bytes S.a'],
  },
  {
    name: 'bytes made text',
    old: 'struct S { 1: map<string, binary> a }',
    new: 'struct S { 1: map<string, string> a }',
    found: ['breaking, warning: text-or-bytes S.a'],
  },
  {
    name: 'text and bytes that changed places',
    old: 'struct S { 1: map<string, binary> a }',
    new: 'struct S { 1: map<binary, string> a }',
    found: ['breaking: text-or-bytes S.a'],
  },
  {
    name: 'a list made a set',
    old: 'struct S { 1: list<i32> a }',
    new: 'struct S { 1: set<i32> a }',
    found: ['breaking: type-changed S.a'],
  },
  {
    name: 'another element type of a list',
    old: 'struct S { 1: list<i32> a }',
    new: 'struct S { 1: list<i64> a }',
    found: ['breaking: type-changed S.a'],
  },
  {
    name: 'another key type of a map, deep inside',
    old: 'struct S { 1: list<map<i32, list<string>>> a }',
    new: 'struct S { 1: list<map<i64, list<string>>> a }',
    found: ['breaking: type-changed S.a'],
  },
  {
    name: 'a struct made a string',
    old: `${T} struct S { 1: T a }`,
    new: 'struct S { 1: string a }',
    found: ['breaking: type-changed S.a'],
  },
  {
    name: 'an exception made a struct',
    old: 'exception T { 1: i32 x } struct S { 1: T a }',
    new: 'struct T { 1: i32 x } struct S { 1: T a }',
    found: [],
  },
  {
    name: 'a field of a struct in a map in a list',
    old: `${T} struct S { 1: list<map<string, T>> a }`,
    new: `${T64} struct S { 1: list<map<string, T>> a }`,
    found: ['breaking: type-changed T.x'],
  },
  {
    name: 'a struct in two places, reported once',
    old: `${T} struct S { 1: T a, 2: set<T> b }`,
    new: `${T64} struct S { 1: T a, 2: set<T> b }`,
    found: ['breaking: type-changed T.x'],
  },
  {
    name: 'a field with another struct',
    old: `${T} struct U { 1: optional string x } struct S { 1: T a, 2: U b }`,
    new: `${T} struct U { 1: optional string x } struct S { 1: U a, 2: U b }`,
    found: ['breaking: type-changed U.x'],
  },
  {
    name: 'structs that hold themselves',
    old: 'struct S { 1: i32 a, 2: optional T t } struct T { 1: list<S> children, 2: optional T next }',
    new: 'struct S { 1: i64 a, 2: optional T t } struct T { 1: list<S> children, 2: optional T next, 3: required i32 depth }',
    found: ['breaking: type-changed S.a', 'breaking, ok: field-added T.depth'],
  },
  {
    name: 'a struct that no oneway method reaches',
    old: `${T} struct S { 1: i32 a } exception X { 1: T t } service Q { oneway void run(1: S s), T ask(1: T t) throws (1: X x) }`,
    new: `${T64} struct S { 1: i32 a } exception X { 1: i32 t } service Q { oneway void run(1: S s), i32 ask(1: i64 t) throws (2: X x) }`,
    found: [],
  },
  {
    name: 'an included file renamed and a struct moved into it',
    old: `include "a.thrift" ${T} struct S { 1: T t, 2: a.A a }`,
    new: 'include "b.thrift" struct S { 1: b.T t, 2: b.A a }',
    includes: {
      old: { 'a.thrift': 'struct A { 1: i32 x }' },
      new: { 'b.thrift': `${T} struct A { 1: i32 x }` },
    },
    files: { new: 'other.thrift' },
    found: [],
  },
  {
    name: 'a change in an included file',
    old: 'include "a.thrift" struct S { 1: a.A a }',
    new: 'include "a.thrift" struct S { 1: a.A a }',
    includes: {
      old: { 'a.thrift': 'struct A { 1: i32 x }' },
      new: { 'a.thrift': 'struct A { 1: i32 x, 2: required i32 y }' },
    },
    found: ['breaking, ok: field-added A.y'],
  },
];
