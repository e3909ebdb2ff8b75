import { describe, expect, it } from '@jest/globals';
import { resolveStarlingOptions } from '#lib/carriers/starling/starling-options.js';
import { systemClock } from '#lib/queue/clock.js';

const resolve = (options: object): unknown => resolveStarlingOptions({ queue: 'backup', ...options });

describe('the options of a queue of Starling', () => {
  it('have defaults', () => {
    expect(resolve({})).toEqual({
      queue: 'backup',
      host: '127.0.0.1',
      port: 22_133,
      dialect: 'auto',
      timeoutMs: 5_000,
      maxRetrying: 100,
      clock: systemClock,
    });
  });

  it('take the port of the dialect', () => {
    expect(resolve({ dialect: 'starling' })).toMatchObject({ port: 22_122 });
    expect(resolve({ dialect: 'kestrel' })).toMatchObject({ port: 22_133 });
    expect(resolve({ dialect: 'starling', port: 1 })).toMatchObject({ port: 1 });
  });

  it.each(['backup', 'Backup_2-errors', 'x'.repeat(250)])('accept the name %s', (queue) => {
    expect(resolve({ queue })).toMatchObject({ queue });
  });

  it.each([
    ['a/b', 'A slash separates a name from options'],
    ['../h8esc', 'A slash separates a name from options'],
    ['a+b', 'several queues'],
    ['a.b', 'as a cursor'],
    ['.', 'as a cursor'],
    ['..', 'as a cursor'],
    ['a b', 'White space and control characters'],
    ['a\r\nflush_all', 'White space and control characters'],
    ['a\0', 'White space and control characters'],
    ['', 'must be 1 to 250 letters'],
    ['ä', 'must be 1 to 250 letters'],
    ['x'.repeat(251), 'must be 1 to 250 letters'],
    [undefined, 'got undefined'],
    [null, 'leave the option out'],
    [7, 'got 7'],
  ])('refuse the name %j', (queue, text) => {
    expect(() => resolve({ queue })).toThrow(TypeError);
    expect(() => resolve({ queue })).toThrow(text);
  });

  it.each([
    [{ dialect: 'kestrl' }, TypeError, "did you mean 'kestrel'?"],
    [{ host: 'http://localhost' }, TypeError, 'host must be a host name'],
    [{ host: '' }, TypeError, 'host must be a host name'],
    [{ host: 7 }, TypeError, 'host must be text'],
    [{ port: 0 }, RangeError, 'port must be a whole number from 1 to 65 535'],
    [{ port: '22133' }, RangeError, 'port must be a whole number'],
    [{ timeoutMs: 99 }, RangeError, 'timeoutMs must be a whole number from 100 to 600 000'],
    [{ maxRetrying: 0 }, RangeError, 'maxRetrying must be a whole number from 1 to 10 000'],
    [{ prot: 1 }, TypeError, 'unknown option prot; did you mean port?'],
  ])('refuse %j', (options, type, text) => {
    expect(() => resolve(options)).toThrow(type);
    expect(() => resolve(options)).toThrow(text);
  });
});
