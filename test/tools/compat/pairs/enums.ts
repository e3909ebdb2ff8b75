import type { IdlPair } from '../pair.js';

const S = 'struct S { 1: E e, 2: list<E> more, 3: map<E, E> m }';

export const ENUMS: readonly IdlPair[] = [
  {
    name: 'an i32 made an enum',
    old: 'struct S { 1: i32 a }',
    new: 'enum E { A = 1 } struct S { 1: E a }',
    found: ['ok: enum-or-integer S.a'],
  },
  {
    name: 'an enum made an i32, as elements',
    old: 'enum E { A = 1 } struct S { 1: list<E> a }',
    new: 'struct S { 1: list<i32> a }',
    found: ['ok: enum-or-integer S.a'],
  },
  {
    name: 'an enum made an i64',
    old: 'enum E { A = 1 } struct S { 1: E a }',
    new: 'struct S { 1: i64 a }',
    found: ['breaking: type-changed S.a'],
  },
  {
    name: 'another name of an enum, other order',
    old: `enum E { A = 1, B = 2 } ${S}`,
    new: 'enum F { B = 2, A = 1 } struct S { 1: F e, 2: list<F> more, 3: map<F, F> m }',
    found: [],
  },
  {
    name: 'a value added',
    old: `enum E { A = 1 } ${S}`,
    new: `enum E { A = 1, B = 2 } ${S}`,
    found: ['ok, warning: enum-value-added E.B'],
  },
  {
    name: 'a value removed',
    old: `enum E { A = 1, B = 2 } ${S}`,
    new: `enum E { A = 1 } ${S}`,
    found: ['breaking, ok: enum-value-removed E.B'],
  },
  {
    name: 'a value renamed',
    old: `enum E { A = 1, B = 2 } ${S}`,
    new: `enum E { A = 1, BETTER = 2 } ${S}`,
    found: ['ok: enum-value-renamed E.B'],
  },
  {
    name: 'a value renumbered',
    old: `enum E { A = 1, B = 2 } ${S}`,
    new: `enum E { A = 1, B = 3 } ${S}`,
    found: ['breaking: enum-value-renumbered E.B'],
  },
  {
    name: 'a value put before others that have no numbers',
    old: `enum E { A, B } ${S}`,
    new: `enum E { FRESH, A, B } ${S}`,
    found: ['breaking: enum-value-renumbered E.A', 'breaking: enum-value-renumbered E.B'],
  },
  {
    name: 'a value removed before others that have no numbers',
    old: `enum E { GONE, A } ${S}`,
    new: `enum E { A } ${S}`,
    found: ['breaking: enum-value-removed E.GONE', 'breaking: enum-value-renumbered E.A'],
  },
  {
    name: 'a second name of a number added, and a second name removed',
    old: `enum E { A = 1, ALSO_A = 1 } ${S}`,
    new: `enum E { A = 1, A_TOO = 1 } ${S}`,
    found: [],
  },
  {
    name: 'a field with another enum',
    old: 'enum E { A = 1 } enum F { X = 1, Y = 2 } struct S { 1: E a }',
    new: 'enum E { A = 1 } enum F { X = 1, Y = 2 } struct S { 1: F a }',
    found: ['ok, warning: enum-value-added F.Y', 'ok: enum-value-renamed E.A'],
  },
];
