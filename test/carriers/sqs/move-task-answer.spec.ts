import { describe, expect, it } from '@jest/globals';
import { readMoveTask } from '#lib/carriers/sqs/move-task-answer.js';

describe('readMoveTask', () => {
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['text', 'hello'],
    ['no list', {}],
    ['a list that is an object', { Results: {} }],
    ['an empty list', { Results: [] }],
    ['a list of null', { Results: [null] }],
    ['a task without a status', { Results: [{ ApproximateNumberOfMessagesMoved: 1 }] }],
    ['a task with an unknown status', { Results: [{ Status: 'DONE' }] }],
    ['a task with a status in other letters', { Results: [{ Status: 'completed' }] }],
  ])('finds no task in %s', (_, answer) => {
    expect(readMoveTask(answer)).toBeUndefined();
  });

  it.each<[string, unknown, number]>([
    ['a number', 5, 5],
    ['a number as text', '5', 5],
    ['no number', undefined, 0],
    ['null', null, 0],
    ['NaN', NaN, 0],
    ['a number below zero', -1, 0],
    ['an object', {}, 0],
    ['empty text', '', 0],
  ])('reads %s as the count of moved messages', (_, ApproximateNumberOfMessagesMoved, moved) => {
    expect(readMoveTask({ Results: [{ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved }] })).toEqual({
      status: 'COMPLETED',
      moved,
    });
  });

  it('reads the first task of the list, with its start, size and failure', () => {
    const task = { Status: 'FAILED', StartedTimestamp: 7, ApproximateNumberOfMessagesToMove: 3, FailureReason: 'why' };
    expect(readMoveTask({ Results: [task, { Status: 'RUNNING' }] })).toEqual({
      status: 'FAILED',
      moved: 0,
      toMove: 3,
      failureReason: 'why',
      startedAt: 7,
    });
  });
});
