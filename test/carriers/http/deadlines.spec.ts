import { beforeEach, describe, expect, it } from '@jest/globals';
import { Deadlines } from '#lib/carriers/http/deadlines.js';
import { VirtualClock } from '#lib/testing/virtual-clock.js';

describe('Deadlines', () => {
  let clock: VirtualClock;
  let deadlines: Deadlines;
  let late: string[];

  beforeEach(() => {
    clock = new VirtualClock();
    deadlines = new Deadlines(clock, 100);
    late = [];
  });

  const start = (name: string): (() => void) => deadlines.start(() => late.push(name));

  it('calls back for each task at its own time', async () => {
    start('a');
    await clock.advance(60);
    start('b');
    await clock.advance(39);
    expect(late).toEqual([]);
    await clock.advance(1);
    expect(late).toEqual(['a']);
    await clock.advance(59);
    expect(late).toEqual(['a']);
    await clock.advance(1);
    expect(late).toEqual(['a', 'b']);
  });

  it('calls back for no task that has ended', async () => {
    const end = start('a');
    start('b');
    end();
    await clock.advance(1_000);
    expect(late).toEqual(['b']);
    end();
  });

  it('sets one timer for all tasks, and none without a task', async () => {
    const ends = Array.from({ length: 100 }, (_, at) => start(String(at)));
    expect(clock.pending).toBe(1);
    for (const end of ends) end();
    await clock.advance(100);
    expect([clock.pending, late]).toEqual([0, []]);
  });

  it('serves a task that starts while another one is late', async () => {
    deadlines.start(() => start('b'));
    await clock.advance(100);
    await clock.advance(100);
    expect(late).toEqual(['b']);
  });
});
