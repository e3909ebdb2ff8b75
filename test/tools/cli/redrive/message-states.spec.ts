import { describe, expect, it } from '@jest/globals';
import { MessageStates } from '../../../../lib/tools/cli/redrive/message-states.js';
import { received } from '../../../consume/harness.js';

const delivered = (id: string, receipt: string) => received(id, { receipt, attributes: { a: '1' }, raw: {} });

describe('MessageStates', () => {
  it('returns the state before a delivery', () => {
    const states = new MessageStates();
    const receive = (id: string): unknown => states.receive(delivered(id, 'r'));
    expect(['a', 'b', 'c'].map(receive)).toEqual([undefined, undefined, undefined]);
    states.hold('b');
    states.move('c');
    expect(['a', 'b', 'c'].map(receive)).toEqual(['moving', 'held', 'moved']);
  });

  it('returns a moved message as it was delivered last, with its content', () => {
    const states = new MessageStates();
    states.receive(delivered('a', 'first'));
    states.receive(delivered('a', 'second'));
    expect(states.move('a')).toEqual(delivered('a', 'second'));
    expect(states.heldMessages()).toEqual([]);
  });

  it('keeps held messages with their latest receipts and without their content', () => {
    const states = new MessageStates();
    for (const id of ['a', 'b']) states.receive(delivered(id, 'first'));
    for (const id of ['b', 'a']) states.hold(id);
    states.receive(delivered('a', 'second'));
    expect(states.heldMessages()).toEqual([
      { ...delivered('b', 'first'), body: '', attributes: {}, raw: undefined },
      { ...delivered('a', 'second'), body: '', attributes: {}, raw: undefined },
    ]);
  });

  it('holds the latest delivery of a message that was delivered twice while it moved', () => {
    const states = new MessageStates();
    states.receive(delivered('a', 'first'));
    states.receive(delivered('a', 'second'));
    states.hold('a');
    expect(states.heldMessages()).toMatchObject([{ receipt: 'second' }]);
  });

  it('refuses to move or hold a message that is not being moved', () => {
    const states = new MessageStates();
    states.receive(delivered('a', 'r'));
    states.hold('a');
    expect(() => states.move('a')).toThrow('the message a is not being moved; receive it first');
    expect(() => states.hold('b')).toThrow('the message b is not being moved; receive it first');
  });

  it('counts moved messages whose last deletion failed', () => {
    const states = new MessageStates();
    states.noteDeletion('a', false);
    states.noteDeletion('b', false);
    states.noteDeletion('a', false);
    expect(states.undeletedCount).toBe(2);
    states.noteDeletion('a', true);
    expect(states.undeletedCount).toBe(1);
  });
});
