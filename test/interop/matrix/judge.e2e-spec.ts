import { describe, expect, it } from '@jest/globals';
import { loadCalls } from './calls.js';
import { cellsOf, LANGUAGES, type Cell } from './cells.js';
import { parametersOf } from './contract.js';
import { expectedOf, neverMet, type Deviation } from './deviation.js';
import { DEVIATIONS } from './deviations.js';
import { judge, type Expected, type Received } from './judge.js';
import type { Plain } from './plain.js';

const [SINGLE, PACKED] = cellsOf(LANGUAGES) as [Cell, Cell];
const CALLS = loadCalls();

/** The calls of a name, and what a consumer tells when they arrive as they were sent. */
function scene(...names: string[]): { expected: readonly Expected[]; received: readonly Received[] } {
  const calls = names.map((name) => CALLS.find((call) => call.name === name)!);
  const expected = expectedOf(SINGLE, calls, []);
  return { expected, received: expected.map((one, body) => tell(one, body)) };
}

function tell({ method, args }: Expected, body: number): Received {
  const inOrder = parametersOf(method)!.map(({ name }) => args[name] ?? null);
  return { queue: SINGLE.queue, body, protocol: SINGLE.protocol, method, args: inOrder };
}

/** Builds the report of a consumer with another first argument. */
const withFirst = (one: Received, value: Plain): Received => ({ ...one, args: [value, ...one.args!.slice(1)] });

const NAMES = ['i32: one', 'i32: 63', 'Xtruct2', 'set', 'map', 'many parameters'];

describe('the cells of the matrix', () => {
  it('the matrix has 96 cells with a queue each', () => {
    const queues = new Set(cellsOf(LANGUAGES).map(({ queue }) => queue));
    expect([cellsOf(LANGUAGES).length, queues.size]).toEqual([96, 96]);
  });
});

describe('judging a cell', () => {
  it('finds no deviation in calls that arrived as sent, in any order', () => {
    const { expected, received } = scene(...NAMES);
    expect(judge(SINGLE, expected, received)).toEqual([]);
    expect(judge(SINGLE, expected, [...received].reverse())).toEqual([]);
  });

  it('finds no deviation in any call of the matrix', () => {
    const { expected, received } = scene(...CALLS.map(({ name }) => name));
    expect(received).toHaveLength(CALLS.length);
    expect(judge(SINGLE, expected, received)).toEqual([]);
  });

  it('compares sets and maps in any order and lists in order', () => {
    const reversed = (name: string): readonly string[] => {
      const { expected, received } = scene(name);
      return judge(SINGLE, expected, [withFirst(received[0]!, [...(received[0]!.args![0] as Plain[])].reverse())]);
    };
    expect(reversed('set')).toEqual([]);
    expect(reversed('map')).toEqual([]);
    expect(reversed('list')).toHaveLength(4);
  });

  it('names the call, the path and both values of a wrong value', () => {
    const { expected, received } = scene(...NAMES);
    const changed = received.map((one) =>
      one.method === 'onI32' && one.args![0] === '63' ? withFirst(one, '64') : one,
    );
    expect(judge(SINGLE, expected, changed)).toEqual(['"i32: 63" (onI32): v: expected "63", found "64"']);
  });

  it.each([
    ['another value', { string_thing: 'Hellö' }, 'thing.struct_thing.string_thing: expected "Hello", found "Hellö"'],
    [
      'a missing field',
      { i32_thing: undefined },
      'thing.struct_thing.i32_thing: expected "-2147483648", found nothing',
    ],
    ['an undeclared field', { more: '1' }, 'thing.struct_thing.more: expected nothing, found "1"'],
    ['a field of another type', { byte_thing: true }, 'thing.struct_thing.byte_thing: expected "-1", found true'],
  ])('finds %s in a nested struct', (_, change, finding) => {
    const { expected, received } = scene('Xtruct2');
    const thing = received[0]!.args![0] as { struct_thing: object };
    const changed = { ...thing, struct_thing: { ...thing.struct_thing, ...change } } as unknown as Plain;
    // As it comes out of a file: what is undefined is not there.
    const arrived = JSON.parse(JSON.stringify(withFirst(received[0]!, changed))) as Received;
    expect(judge(SINGLE, expected, [arrived])).toEqual([`"Xtruct2" (testNest): ${finding}`]);
  });

  it.each([
    ['a set', 'set', ['0']],
    ['a map', 'map', [['0', '0']]],
    ['bytes', 'binary: two bytes', '00fe'],
    ['a double', 'double: minus zero', '0000000000000000'],
    ['a list that is text', 'list', 'text'],
  ])('finds another value of %s', (_, name, value) => {
    const { expected, received } = scene(name);
    expect(judge(SINGLE, expected, [withFirst(received[0]!, value)])).toHaveLength(1);
  });

  it('finds parameters that changed places', () => {
    const { expected, received } = scene('many parameters');
    const [arg0, arg1, ...others] = received[0]!.args!;
    const findings = judge(SINGLE, expected, [{ ...received[0]!, args: [arg1!, arg0!, ...others] }]);
    expect(findings.map((finding) => finding.split(': ')[1])).toEqual(['arg0', 'arg1']);
  });

  it('finds a call that is missing', () => {
    const { expected, received } = scene(...NAMES);
    expect(judge(SINGLE, expected, received.slice(1))).toEqual(['"i32: one" (onI32): missing']);
    expect(judge(SINGLE, expected, [])).toHaveLength(NAMES.length);
  });

  it('finds a call that came more than once', () => {
    const { expected, received } = scene(...NAMES);
    const again = { ...received[2]!, body: 99 };
    expect(judge(SINGLE, expected, [...received, again])).toEqual(['"Xtruct2" (testNest): came more than once']);
  });

  it('finds a call that nobody sent', () => {
    const { expected, received } = scene(...NAMES);
    const [other] = scene('false').received;
    const unknown = { ...other!, method: 'onNobody', body: 98 };
    expect(judge(SINGLE, expected, [...received, { ...other!, body: 99 }, unknown])).toEqual([
      'onBool: nobody sent this: {"v":false}',
      'onNobody: nobody sent this: {"#1":false}',
    ]);
  });

  it('finds a message that failed', () => {
    const { expected, received } = scene('set');
    const failed = { queue: SINGLE.queue, body: 1, error: 'truncated' };
    expect(judge(SINGLE, expected, [...received, failed])).toEqual(['a message failed: truncated']);
  });

  it('finds calls in another protocol than the protocol of the cell', () => {
    const { expected, received } = scene('set', 'map');
    const findings = judge(SINGLE, expected, [{ ...received[0]!, protocol: 'json' }, received[1]!]);
    expect(findings).toEqual(['calls came in the protocol json']);
  });

  it('finds calls that wrongly share a body or wrongly do not share a body', () => {
    const { expected, received } = scene('set', 'map');
    const packed = received.map((one) => ({ ...one, body: 7 }));
    expect(judge(PACKED, expected, packed)).toEqual([]);
    expect(judge(SINGLE, expected, packed)).toEqual(['2 calls came in 1 messages']);
    expect(judge(PACKED, expected, received)).toEqual(['2 calls came in 2 messages']);
  });
});

describe('a known deviation', () => {
  const calls = CALLS.filter(({ name }) => name === 'i32: one');
  const base = { id: 'some', why: '', applies: () => true };

  function judged(deviation: Partial<Deviation>, received: readonly Partial<Received>[]): readonly string[] {
    const expected = expectedOf(SINGLE, calls, [{ ...base, ...deviation }]);
    return judge(
      SINGLE,
      expected,
      received.map((one, body) => ({ queue: SINGLE.queue, body, protocol: SINGLE.protocol, ...one })),
    );
  }

  const asSent = { method: 'onI32', args: ['1'] };

  it('reports a deviation of values that no longer occurs', () => {
    const alter = (): { v: string } => ({ v: '2' });
    expect(judged({ alter }, [{ method: 'onI32', args: ['2'] }])).toEqual([]);
    expect(judged({ alter }, [asSent])).toEqual(['"i32: one" (onI32): some is over, the call came as it was sent']);
    expect(judged({ alter }, [{ method: 'onI32', args: ['3'] }])).toEqual([
      '"i32: one" (onI32): v: expected "2", found "3"',
    ]);
  });

  it('reports a deviation of failure that does not occur with its own error', () => {
    const error = /not base64/;
    const missing = '"i32: one" (onI32): should have failed with not base64: some';
    expect(judged({ error }, [{ error: 'it is not base64' }])).toEqual([]);
    expect(judged({ error }, [{ error: 'truncated' }])).toEqual(['a message failed: truncated', missing]);
    expect(judged({ error }, [])).toEqual([missing]);
    expect(judged({ error }, [asSent])).toEqual(['"i32: one" (onI32): some is over, the call arrived', missing]);
  });

  it('leaves an unsent call out of the expected calls', () => {
    expect(judged({ unsent: true }, [])).toEqual([]);
    expect(judged({ unsent: true }, [asSent])).toEqual(['onI32: nobody sent this: {"v":"1"}']);
  });

  it('lists the deviations that no call meets', () => {
    const known = [
      { ...base, id: 'left out', unsent: true as const },
      { ...base, id: 'changes nothing', alter: <T>(args: T): T => args },
      { ...base, id: 'applies nowhere', applies: () => false, error: /x/ },
    ];
    const expected = new Map([[SINGLE, expectedOf(SINGLE, calls, known)]]);
    expect(neverMet(expected, calls, known).map(({ id }) => id)).toEqual(['changes nothing', 'applies nowhere']);
  });

  it('every known deviation applies to a call of the matrix', () => {
    const expected = new Map(cellsOf(LANGUAGES).map((cell) => [cell, expectedOf(cell, CALLS, DEVIATIONS)]));
    expect(neverMet(expected, CALLS, DEVIATIONS)).toEqual([]);
  });
});
