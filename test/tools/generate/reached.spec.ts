import { describe, expect, it } from '@jest/globals';
import { answerToCall } from '../../../lib/event/refused-call.js';
import { Contract } from '../../../lib/event/contract.js';
import type { ThriftService } from '../../../lib/idl/schema.js';
import { writeBytes } from '../../../lib/thrift/messages.js';
import { PROTOCOLS } from '../../../lib/tools/generate/generate-options.js';
import { join } from 'node:path';
import { freshFolder, generateInto, moduleOf, writeFiles } from './harness.js';

const TYPES = `
  enum State { NEW, DONE }
  struct Owner { 1: required string id, 2: optional State state }
  struct Order { 1: required string id, 2: list<Owner> owners, 3: i64 placedAt = 5 }
`;
const ONEWAY = 'oneway void place(1: Order order, 2: i32 priority = 1)';
const twoWay = (count: number): string =>
  Array.from(
    { length: count },
    (_, at) => `list<Order> searchOrders${at}(1: map<string, Order> by, 2: string token)`,
  ).join('\n');

/** Returns the names of the structs for which a module has codecs. */
function codecsIn(text: string): string[] {
  return [...text.matchAll(/^ {2}function write\d+_(\w+)\(/gm)].map(([, name]) => name!);
}

describe('a module of a service with two-way methods', () => {
  it.each(['with one protocol', 'with every protocol'] as const)(
    'has hardly more text for 100 two-way methods and a oneway method than for the oneway method alone %s',
    (which) => {
      const options = which === 'with one protocol' ? {} : { protocols: PROTOCOLS };
      const alone = moduleOf(`${TYPES} service Orders { ${ONEWAY} }`, options).length;
      const both = moduleOf(`${TYPES} service Orders { ${ONEWAY} ${twoWay(100)} }`, options).length;
      expect(both).toBeGreaterThan(alone);
      expect(both).toBeLessThan(alone * 1.2);
    },
  );

  it('has schema and codecs for what oneway methods reach alone, and types for all that is declared', () => {
    const idl = `
      struct Deep { 1: i32 x } struct Key { 1: i32 k } struct Value { 1: list<set<Deep>> deep } union Both { 1: Value v, 2: Both more }
      enum Used { A } enum Unused { B }
      struct Asked { 1: Answer answer, 2: Unused unused } struct Answer { 1: i32 x } exception Failed { 1: Answer why }
      const list<Answer> TABLE = [{ "x": 1 }]
      service Parent { oneway void inherited(1: map<Key, Both> all, 2: Used used), Answer ask(1: Asked asked) throws (1: Failed f) }
      service Child extends Parent {}
      service Other { Answer ask(1: Asked asked) }
    `;
    const text = moduleOf(idl);
    expect(
      codecsIn(text)
        .filter((name) => !/^(list|set|map)/.test(name))
        .sort(),
    ).toEqual(['one_Both', 'one_Deep', 'one_Key', 'one_Parent_inherited_args', 'one_Value']);
    const embedded = text.slice(text.indexOf('const structs ='));
    expect(embedded).not.toMatch(/Answer|Asked|Failed|Unused|TABLE/);
    for (const name of ['Asked', 'Answer', 'Failed']) expect(text).toContain(`export interface ${name} {`);
    expect(text).toContain('export enum Unused {');
    expect(text).toContain('export const TABLE: readonly Answer[]');
  });

  it.each(['struct S { 1: i32 x } const S C = { "x": 1 }', 'struct S { 1: i32 x } service Q { S ask(1: S s) }'])(
    'has no codecs without a oneway method: %s',
    (idl) => {
      const text = moduleOf(idl, { protocols: PROTOCOLS });
      expect(text).not.toMatch(/registerCodecs|Codecs\(/);
      expect(text).toContain('export interface S {');
    },
  );
});

describe('the methods with a result of a generated service', () => {
  it('are known by name, so that a call of one is refused and answered as one', async () => {
    const folder = freshFolder('with-result');
    const [file] = writeFiles(folder, { 'q.thrift': `${TYPES} service Q { ${ONEWAY} Order find(1: string id) }` });
    generateInto(folder, [file!]);
    const { Q } = (await import(join(folder, 'q.ts'))) as { Q: ThriftService };
    const contract = new Contract([Q]);
    expect(() => contract.resolve('find')).toThrow('Q.find is not oneway');
    expect(() => contract.resolve('findAll')).toThrow('Q has no method "findAll"; its oneway methods: place');
    const call = (name: string): Buffer =>
      writeBytes('binary', (writer) => {
        writer.writeMessageBegin(name, 1, 0);
        writer.writeFieldStop();
        writer.writeMessageEnd();
      });
    expect(answerToCall(contract, call('find'))).toBeDefined();
    expect(answerToCall(contract, call('findAll'))).toBeUndefined();
  });
});
