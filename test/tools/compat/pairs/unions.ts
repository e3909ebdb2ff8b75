import type { IdlPair } from '../pair.js';

const S = 'struct S { 1: U u, 2: list<U> more }';

export const UNIONS: readonly IdlPair[] = [
  {
    name: 'a member added',
    old: `union U { 1: i32 a } ${S}`,
    new: `union U { 1: i32 a, 2: string b } ${S}`,
    found: ['ok, warning: field-added U.b'],
  },
  {
    name: 'a member removed',
    old: `union U { 1: i32 a, 2: string b } ${S}`,
    new: `union U { 1: i32 a } ${S}`,
    found: ['breaking, ok: field-removed U.b'],
  },
  {
    name: 'a member renamed, and a default without effect',
    old: `union U { 1: i32 a, 2: string b } ${S}`,
    new: `union U { 1: i32 a = 7, 2: string c } ${S}`,
    found: ['ok: field-renamed U.c'],
  },
  {
    name: 'a member of another type',
    old: `union U { 1: i32 a, 2: string b } ${S}`,
    new: `union U { 1: i32 a, 2: i64 b } ${S}`,
    found: ['breaking: type-changed U.b'],
  },
  {
    name: 'a member with another id',
    old: `union U { 1: i32 a, 2: string b } ${S}`,
    new: `union U { 1: i32 a, 3: string b } ${S}`,
    found: ['breaking: field-id-changed U.b'],
  },
  {
    name: 'a struct made a union',
    old: `struct U { 1: i32 a, 2: string b } ${S}`,
    new: `union U { 1: i32 a, 2: string b } ${S}`,
    found: ['breaking, ok: struct-or-union U'],
  },
  {
    name: 'a union made a struct',
    old: `union U { 1: i32 a, 2: string b } ${S}`,
    new: `struct U { 1: optional i32 a, 2: optional string b } ${S}`,
    found: ['ok, breaking: struct-or-union U'],
  },
  {
    name: 'a union made a struct that requires one of its members',
    old: `union U { 1: i32 a, 2: string b } ${S}`,
    new: `struct U { 1: required i32 a, 2: optional string b } ${S}`,
    found: ['breaking: struct-or-union U'],
  },
  {
    name: 'a union made a struct that only has its only member',
    old: `union U { 1: i32 a } ${S}`,
    new: `struct U { 1: required i32 a } ${S}`,
    found: ['ok: struct-or-union U'],
  },
  {
    name: 'a struct made a union with other types',
    old: `struct U { 1: required i32 a } ${S}`,
    new: `union U { 1: i64 a } ${S}`,
    found: ['breaking: type-changed U.a', 'ok: struct-or-union U'],
  },
];
