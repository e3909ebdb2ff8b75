import type { MessageHandler } from '@nestjs/microservices';
import { describe, expect, it } from '@jest/globals';
import { Contract } from '../../../lib/event/contract.js';
import { findService } from '../../../lib/idl/find-service.js';
import { loadSchemaFromText } from '../../../lib/idl/load-schema.js';
import { HandlerTable } from '../../../lib/nest/server/handler-table.js';

const schema = loadSchemaFromText(`
service Backups { oneway void start(1: i32 n), void count() }
service Reports { oneway void print(1: i32 n), oneway void count(1: i32 n) }`);
const backups = new Contract([findService(schema, 'Backups')]);
const reports = new Contract([findService(schema, 'Reports')]);
const handler: MessageHandler = () => Promise.resolve();

/** Returns the sentences about handlers of the strategy of `Backups` beside other strategies. */
function unknownBeside(pattern: unknown, others: readonly Contract[]): readonly string[] {
  const table = new HandlerTable();
  table.add(pattern, handler, true);
  return table.bind(backups, others).unknown;
}

describe('the mismatches of handlers beside another strategy', () => {
  it.each([
    ['a method of the other service', 'print'],
    ['a method of the other service by name', { service: 'Reports', method: 'print' }],
    ['a method that is oneway only there', 'count'],
    ['a misspelt method of the other service', { service: 'Reports', method: 'pint' }],
  ])('leave out a handler of %s', (_, pattern) => {
    expect(unknownBeside(pattern, [reports])).toEqual([]);
    expect(unknownBeside(pattern, [])).toHaveLength(1);
  });

  it.each([
    ['pint', 'the pattern "pint" names no method of Backups'],
    [
      { service: 'Nobody', method: 'print' },
      'the pattern {"service":"Nobody","method":"print"} names no method of Backups',
    ],
    [{ cmd: 'print' }, `the pattern {"cmd":"print"} names no method; use 'method' or { service, method }`],
  ])('name a handler that fits no strategy: %j', (pattern, text) => {
    expect(unknownBeside(pattern, [reports])).toEqual([text]);
  });

  it('advise on a method without a handler, with both decorators', () => {
    expect(new HandlerTable().bind(backups).unhandled).toEqual([
      "the oneway method Backups.start has no handler; write a method with @ThriftMethod(Backups, 'start') or @EventPattern('start')",
    ]);
  });

  it('advise on the transport id of a strategy that has its own', () => {
    expect(new HandlerTable().bind(backups, [], Symbol('mails')).unhandled).toEqual([
      expect.stringMatching(/has no handler; .*, without a transport id or with Symbol\(mails\)$/),
    ]);
  });
});
