import { describe, expect, it } from '@jest/globals';
import { createEventLog } from '../../lib/nest/event-log.js';
import { VirtualClock } from '../../lib/testing/virtual-clock.js';

describe('a call that does not end', () => {
  it('gets a warning with its method, its message and the remedy, for each delivery', () => {
    const lines: string[] = [];
    const keep = (line: string): void => void lines.push(line);
    const log = createEventLog({ log: keep, error: keep, warn: keep }, new VirtualClock(0));
    for (const messageId of ['m1', 'm2', 'm3']) {
      log({ type: 'slow-call', queue: 'q', method: 'say', messageId, forMs: 180_000 });
    }
    expect(lines).toEqual(
      ['m1', 'm2', 'm3'].map(
        (id) =>
          `say (${id}) of q has run for 180 s and has not ended; set handlerTimeoutMs if it may hang, or raise slowCallMs if it may take that long`,
      ),
    );
  });
});
