import { describe, expect, it } from '@jest/globals';
import { judge, outOfOrder, type JournalResult } from './journal.js';

/** Facts as one text, separated by commas. */
function judgeFacts(facts: string): JournalResult {
  return judge(facts.split(',').map((fact) => fact.trim()));
}

const CLEAN = 'acked 1, start 1 77 1, finish 1 77 1';

describe('the evaluation of a journal', () => {
  it('finds no fault with an event that was handled once', () => {
    expect(judgeFacts(CLEAN)).toEqual({
      acked: 1,
      finished: 1,
      lost: [],
      unacked: [],
      explained: [],
      unexplained: [],
      unrecorded: [],
      unfinished: [],
      heldAtKill: new Map(),
    });
  });

  it.each<[string, string, Partial<Record<keyof JournalResult, number | number[]>>]>([
    ['no handler began', `${CLEAN}, acked 2`, { lost: [2] }],
    ['no handler ended', `${CLEAN}, acked 2, start 2 77 1`, { lost: [2], unfinished: [2] }],
    ['no emit was confirmed', `${CLEAN}, start 2 77 1, finish 2 77 1`, { unacked: [2], lost: [] }],
    ['a handler failed and was tried again', 'acked 1, start 1 77 1, start 1 77 2, finish 1 77 2', { unfinished: [1] }],
    ['a handler ended before the emit resolved', 'start 1 77 1, finish 1 77 1, acked 1', { lost: [], unacked: [] }],
  ])('classifies an event correctly when %s', (_case, facts, expected) => {
    const found = judgeFacts(facts);
    for (const [name, events] of Object.entries(expected)) {
      const value = found[name as keyof JournalResult] as readonly (number | { event: number })[];
      expect(value.map((item) => (typeof item === 'number' ? item : item.event))).toEqual(events);
    }
  });

  it.each([
    ['the first worker lives', `${CLEAN}, start 1 88 2, finish 1 88 2`],
    ['another worker was killed', `${CLEAN}, killed 88, start 1 88 2, finish 1 88 2`],
    ['the receive count is 1', `${CLEAN}, killed 77, start 1 88 1, finish 1 88 1`],
    ['the same delivery ends twice', `${CLEAN}, finish 1 77 1`],
  ])('leaves a duplicate unexplained when %s', (_case, facts) => {
    const { explained, unexplained } = judgeFacts(facts);
    expect(explained).toEqual([]);
    expect(unexplained).toEqual([{ event: 1, pid: 77, receiveCount: 1 }]);
  });

  it('explains a duplicate by the kill of the worker that handled the event before', () => {
    const { explained, unexplained, lost } = judgeFacts(`${CLEAN}, killed 77, start 1 88 2, finish 1 88 2`);
    expect(explained).toEqual([{ event: 1, pid: 77, receiveCount: 1 }]);
    expect([...unexplained, ...lost]).toEqual([]);
  });

  it('evaluates each duplicate of an event separately', () => {
    const { explained, unexplained } = judgeFacts(`${CLEAN}, killed 77,
      start 1 88 2, finish 1 88 2, start 1 99 3, finish 1 99 3`);
    expect(explained.map(({ pid }) => pid)).toEqual([77]);
    expect(unexplained.map(({ pid }) => pid)).toEqual([88]);
  });

  it('counts the events that a killed worker held', () => {
    const facts = `${CLEAN}, killed 77,
      start 1 88 2, finish 1 88 2,
      start 2 77 1, start 2 88 2, finish 2 88 2,
      start 3 77 1, finish 3 77 1,
      start 4 77 1, finish 4 77 1, start 4 88 2,
      killed 88`;
    expect([...judgeFacts(facts).heldAtKill]).toEqual([
      [77, 3],
      [88, 1],
    ]);
  });

  it.each(['', 'acked', 'acked one', 'start 1 77', 'finish 1 77 1 1', 'stopped 77'])(
    'refuses the line "%s"',
    (line) => {
      expect(() => judge([line])).toThrow('not a fact of a journal');
    },
  );
});

describe('unrecorded repetitions', () => {
  it.each([
    [
      'of one message with a higher count as recorded',
      'start 1 7 1 m, finish 1 7 1 m, start 1 8 2 m, finish 1 8 2 m',
      0,
    ],
    ['of another message as recorded', 'start 1 7 1 m, finish 1 7 1 m, start 1 8 1 n, finish 1 8 1 n', 0],
    [
      'of one message with the same count as unrecorded',
      'start 1 7 1 m, finish 1 7 1 m, start 1 8 1 m, finish 1 8 1 m',
      1,
    ],
    ['of an unknown message as unrecorded', 'start 1 7 1, finish 1 7 1, start 1 8 1, finish 1 8 1', 1],
  ])('treats a repetition %s', (_case, facts, count) => {
    expect(judgeFacts(facts).unrecorded).toHaveLength(count);
  });
});

describe('the order of groups', () => {
  const finish = (...events: number[]): string[] => events.map((event) => `finish ${event} 7 1`);

  it.each([
    ['kept', finish(0, 1, 2, 3, 4, 5), []],
    ['kept side by side', finish(1, 3, 0, 5, 2, 4), []],
    ['kept by repetitions', finish(0, 2, 0, 4), []],
    ['broken', finish(0, 4, 2, 1), [2]],
  ])('finds the order of groups %s', (_case, lines, wrong) => {
    expect(outOfOrder(lines, (event) => String(event % 2))).toEqual(wrong);
  });
});
