import type { MessageHandler } from '@nestjs/microservices';
import { describe, expect, it } from '@jest/globals';
import { Contract } from '../../../lib/event/contract.js';
import { findService } from '../../../lib/idl/find-service.js';
import { loadSchemaFromText } from '../../../lib/idl/load-schema.js';
import { HandlerTable, reportProblems } from '../../../lib/nest/server/handler-table.js';

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
  const { misplaced, unknown } = table.bind(backups, { others, pinned: [] });
  return [...misplaced, ...unknown];
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
    expect(new HandlerTable().bind(backups, { others: [], pinned: [] }).unhandled).toEqual([
      "the oneway method Backups.start has no handler; write a method with @ThriftMethod(Backups, 'start') or @EventPattern('start')",
    ]);
  });

  it('advise on the transport id of a strategy that has its own', () => {
    expect(new HandlerTable().bind(backups, { others: [], pinned: [] }, Symbol('mails')).unhandled).toEqual([
      expect.stringMatching(/has no handler; .*, without a transport id or with Symbol\(mails\)$/),
    ]);
  });
});

/** Registers one handler beside those that are needed, and reports the mismatches. */
function report(pattern: unknown, mode: 'warn' | 'fail', { pinned = false, isEvent = true } = {}): string[] {
  const table = new HandlerTable();
  table.add('start', handler, true);
  table.add(pattern, handler, isEvent);
  const warnings: string[] = [];
  const problems = table.bind(backups, { others: [reports], pinned: pinned ? ['start', pattern] : ['start'] });
  reportProblems(problems, mode, { warn: (text) => void warnings.push(text) });
  return warnings;
}

const NOT_ONEWAY = /the method is not oneway, so it cannot come over a queue/;
const UNKNOWN = /names no method of Backups/;

describe('a handler that the strategy can never call', () => {
  it.each<[what: string, pattern: unknown, reason: RegExp]>([
    ['a method of its service that is not oneway', { service: 'Backups', method: 'count' }, NOT_ONEWAY],
    ['the same as a text', 'Backups:count', NOT_ONEWAY],
    ['an unknown method of its service', { service: 'Backups', method: 'strat' }, UNKNOWN],
    ['the same as a text', 'Backups:strat', UNKNOWN],
  ])('is refused if it names %s, and is a warning by default', (_, pattern, reason) => {
    expect(() => report(pattern, 'fail')).toThrow(reason);
    expect(() => report(pattern, 'fail')).toThrow('the handlers do not fit the IDL');
    expect(report(pattern, 'warn')).toEqual([expect.stringMatching(reason)]);
  });

  it.each<[pattern: unknown, reason: RegExp, isEvent?: boolean]>([
    ['strat', UNKNOWN],
    [{ method: 'strat' }, UNKNOWN],
    [{ service: 'Nobody', method: 'start' }, UNKNOWN],
    // A method of another strategy, to which this handler does not belong.
    ['print', UNKNOWN],
    [{ service: 'Reports', method: 'print' }, UNKNOWN],
    [{ cmd: 'start' }, /names no method; use 'method' or \{ service, method \}/],
    ['start', /a oneway call has no reply/, false],
    [{ service: 'Backups', method: 'count' }, NOT_ONEWAY, false],
  ])('is refused if it is pinned to the transport: %j', (pattern, reason, isEvent = true) => {
    expect(() => report(pattern, 'fail', { pinned: true, isEvent })).toThrow(reason);
    expect(report(pattern, 'warn', { pinned: true, isEvent })).toEqual([expect.stringMatching(reason)]);
  });

  it.each<[pattern: unknown, isEvent: boolean, warnings: number]>([
    ['strat', true, 1],
    [{ service: 'Nobody', method: 'start' }, true, 1],
    [{ cmd: 'start' }, true, 1],
    ['print', true, 0],
    [{ service: 'Reports', method: 'print' }, true, 0],
    ['strat', false, 0],
    [{ service: 'Backups', method: 'count' }, false, 0],
  ])('is at most a warning if it may belong elsewhere: %j', (pattern, isEvent, warnings) => {
    expect(report(pattern, 'fail', { isEvent })).toHaveLength(warnings);
  });

  it('names all mismatches at once, with methods without a handler', () => {
    const table = new HandlerTable();
    table.add('Backups:count', handler, true);
    table.add('strat', handler, true);
    const problems = table.bind(backups, { others: [], pinned: [] });
    expect(() => reportProblems(problems, 'fail', { warn: () => undefined })).toThrow(
      /Backups:count.*not oneway[^]*"strat" names no method[^]*Backups\.start has no handler/,
    );
  });
});
