import { describe, expect, it } from '@jest/globals';
import { EVENT_ID_ATTRIBUTE, eventId, isEventId } from '../../lib/event/event-id.js';

const message = (said?: string) => ({
  id: 'message-1',
  attributes: said === undefined ? {} : { [EVENT_ID_ATTRIBUTE]: said },
});

describe('the id of an event', () => {
  it.each<[string, string | undefined, string]>([
    ['what the producer says', 'charge-17', 'charge-17'],
    ['the id of the message, when the producer says nothing', undefined, 'message-1'],
    ['the id of the message, when what the producer says is empty', '', 'message-1'],
    ['the id of the message, when what the producer says has a space', 'two words', 'message-1'],
    ['the id of the message, when what the producer says is too long', 'x'.repeat(257), 'message-1'],
    ['the id of the message, when what follows 256 characters is no position', `${'x'.repeat(256)}#1a`, 'message-1'],
  ])('takes the event id from %s', (_, said, id) => {
    expect(eventId(message(said), 0, 1)).toBe(id);
  });

  it.each(['charge-17', 'x'.repeat(256), undefined])(
    'keeps the event id of a call that is resent from a partly failed body: %s',
    (said) => {
      for (const at of [0, 7, 99_999]) {
        const inBody = eventId(message(said), at, 100_000);
        const alone = eventId({ ...message(inBody), id: 'message-2' }, 0, 1);
        expect(alone).toBe(inBody);
        expect(alone).toBe(`${said ?? 'message-1'}#${at}`);
      }
    },
  );

  it('accepts an event id of 1 to 256 characters', () => {
    expect([256, 257, 0].map((length) => isEventId('x'.repeat(length)))).toEqual([true, false, false]);
    expect(isEventId(`${'x'.repeat(255)}#1`)).toBe(false);
  });
});
