import { describe, expect, it } from '@jest/globals';
import { Contract } from '../../lib/event/contract.js';
import { findService } from '../../lib/idl/find-service.js';
import { loadSchemaFromText } from '../../lib/idl/load-schema.js';
import type { ThriftService } from '../../lib/idl/schema.js';

const IDL = `
  enum Kind { A = 1, B = 2 }
  union Choice { 1: string a, 2: Node b }
  struct Node { 1: required string id, 2: list<Node> nodes, 3: map<string, set<i32>> tags, 4: Kind kind, 5: Choice choice }
  service Jobs { oneway void run(1: Node node, 2: i64 at), oneway void stop(), i32 ask() }
  service More extends Jobs { oneway void more() }`;

const load = (text: string, name = 'Jobs', fileName = 'jobs.thrift'): ThriftService =>
  findService(loadSchemaFromText(text, { fileName }), name);

const contract = new Contract([load(IDL)]);

describe('a contract', () => {
  it.each([
    ['another object for the same text', load(IDL)],
    ['another file', load(IDL, 'Jobs', 'other.thrift')],
    ['other comments', load(IDL.replace('struct Node', '/** A node. */ struct Node'))],
    ['other routing', load(IDL.replace('void stop()', 'void stop() (sqs.queue = "q")'))],
    ['other replies', load(IDL.replace('i32 ask()', 'i64 ask(1: i32 n)'))],
    ['another order of methods', load(IDL.replace('oneway void stop(), i32 ask()', 'i32 ask(), oneway void stop()'))],
  ])('includes an equal service of %s', (_, service) => {
    expect(contract.includes(service)).toBe(true);
  });

  it.each([
    ['of another name', load(IDL, 'More')],
    ['with another method', load(IDL.replace('void stop()', 'void stop(), oneway void pause()'))],
    ['without a method', load(IDL.replace('oneway void stop(), ', ''))],
    ['with another parameter', load(IDL.replace('2: i64 at', '2: i64 from'))],
    ['with another type', load(IDL.replace('2: i64 at', '2: i32 at'))],
    ['with another field of a struct', load(IDL.replace('1: required string id', '1: required string name'))],
    ['with another requiredness', load(IDL.replace('1: required string id', '1: string id'))],
    ['with another field id', load(IDL.replace('1: required string id', '6: required string id'))],
    ['with another element', load(IDL.replace('set<i32>', 'set<i64>'))],
    ['with another container', load(IDL.replace('set<i32>', 'list<i32>'))],
    ['with another member of an enum', load(IDL.replace('B = 2', 'B = 3'))],
    ['with another member of a union', load(IDL.replace('1: string a', '1: i32 a'))],
    ['with a struct for a union', load(IDL.replace('union', 'struct'))],
    ['with a reply for a oneway method', load(IDL.replace('oneway void stop()', 'void stop()'))],
  ])('does not include a service %s', (_, service) => {
    expect(contract.includes(service)).toBe(false);
  });
});
