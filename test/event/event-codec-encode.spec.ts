import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ContractError } from '../../lib/event/event-error.js';
import { findService } from '../../lib/idl/find-service.js';
import { loadSchema, loadSchemaFromText } from '../../lib/idl/load-schema.js';
import { ThriftWriteError } from '../../lib/thrift/errors.js';
import { Alpha, Beta, alpha, both, codecOf, message, plain } from './harness.js';

function refused(act: () => unknown): ContractError {
  try {
    act();
  } catch (error) {
    if (error instanceof ContractError) return error;
    throw error;
  }
  throw new Error('the call was accepted');
}

describe('an encoded call', () => {
  it('encodes a call to the expected bytes', () => {
    const BackupQueue = findService(loadSchema('idl/backup.thrift'), 'BackupQueue');
    const codec = codecOf({}, BackupQueue);
    const request = { id: 'b-1', userId: 'ü', requestedAt: 1_700_000_000_000n, excludedFolders: ['tmp'] };
    const golden = [
      '80010004', // version 1, ONEWAY
      '0000000b 73746172744261636b7570', // startBackup
      '00000000', // sequence id
      '0c 0001', // 1: request, a struct
      '0b 0001 00000003 622d31', // 1: id
      '0b 0002 00000002 c3bc', // 2: userId
      '0a 0003 0000018bcfe56800', // 3: requestedAt
      '0e 0004 0b 00000001 00000003 746d70', // 4: excludedFolders, a set of string
      '00', // end of the request
      '00', // end of the arguments
    ];
    const bytes = Buffer.from(golden.join('').replaceAll(' ', ''), 'hex');
    const call = { method: 'startBackup', args: { request } };
    const encoded = codec.encode(call);
    expect(encoded.toString('hex')).toBe(bytes.toString('hex'));
    expect(codec.encodeBody(call, 'text')).toBe(
      'gAEABAAAAAtzdGFydEJhY2t1cAAAAAAMAAELAAEAAAADYi0xCwACAAAAAsO8CgADAAABi8/laAAOAAQLAAAAAQAAAAN0bXAAAA==',
    );
    expect(plain(codec.decode(bytes))).toEqual([
      {
        service: 'BackupQueue',
        method: 'startBackup',
        args: { request: { ...request, excludedFolders: new Set(['tmp']) } },
      },
    ]);
  });

  it('encodes equal calls to equal bytes whatever was encoded in between', () => {
    const call = fc.record({ text: fc.string(), marks: fc.array(fc.integer()) });
    fc.assert(
      fc.property(call, call, (note, other) => {
        const first = alpha.encode({ method: 'note', args: { note } });
        alpha.encode({ method: 'note', args: { note: other } });
        const second = alpha.encode({ method: 'note', args: { note: { marks: [...note.marks], text: note.text } } });
        expect(second.equals(first)).toBe(true);
        expect(plain(alpha.decode(first))).toMatchObject([{ args: { note: { text: note.text, marks: note.marks } } }]);
      }),
      { seed: 7 },
    );
  });

  it('shares no memory between encoded calls', () => {
    const first = alpha.encode({ method: 'ping', args: { n: 1 } });
    const copy = Buffer.from(first);
    alpha.encode({ method: 'ping', args: { n: 2 } });
    expect(first.equals(copy)).toBe(true);
  });

  it.each([
    ['one service', codecOf({}, Alpha), 'ping'],
    ['several services', codecOf({}, Alpha, Beta), 'ping'],
    ['several services, not multiplexed', codecOf({ multiplexed: false }, Alpha, Beta), 'ping'],
    ['one service, multiplexed', codecOf({ multiplexed: true }, Alpha), 'Alpha:ping'],
    ['several services, multiplexed', codecOf({ multiplexed: true }, Alpha, Beta), 'Alpha:ping'],
  ])('writes the service name only with the option multiplexed: %s', (_, codec, name) => {
    expect(codec.encode({ method: 'ping', args: { n: 7 } })).toEqual(message(name, 7));
  });

  it('takes the service name from the method name or from the field service', () => {
    const bytes = message('Beta:shared', 7);
    expect(both.encode({ method: 'Beta:shared', args: { n: 7 } })).toEqual(bytes);
    expect(both.encode({ method: 'shared', service: 'Beta', args: { n: 7 } })).toEqual(bytes);
  });
});

describe('a call that cannot be encoded', () => {
  it('names the known methods for an unknown method', () => {
    const error = refused(() => alpha.encode({ method: 'pnig', args: {} }));
    expect(error.code).toBe('unknown-method');
    expect(error.message).toBe('Alpha has no method "pnig"; its oneway methods: ping, note, shared');
  });

  it('names the methods of the given service for an unknown method of that service', () => {
    expect(refused(() => both.encode({ method: 'Beta:ping', args: {} })).message).toBe(
      'Beta has no method "ping"; its oneway methods: pong, shared',
    );
  });

  it('names at most twelve of many methods', () => {
    const methods = Array.from({ length: 14 }, (_, i) => `oneway void m${i}()`).join(',');
    const service = findService(loadSchemaFromText(`service Many { ${methods} } service None { void a() }`), 'Many');
    const { message: text } = refused(() => codecOf({}, service).encode({ method: 'x', args: {} }));
    expect(text).toMatch(/: m0, m1, .*, m11, …$/);
  });

  it.each([
    ['ask', undefined, 'not-oneway', 'Alpha.ask is not oneway'],
    ['shared', undefined, 'ambiguous-method', 'Alpha and Beta'],
    ['ping', 'Gamma', 'unknown-service', 'known here: Alpha, Beta'],
    ['Gamma:ping', undefined, 'unknown-service', 'known here: Alpha, Beta'],
    ['__proto__', undefined, 'unknown-method', '"__proto__"'],
    ['ping', '__proto__', 'unknown-service', '"__proto__"'],
    ['constructor', 'Alpha', 'unknown-method', '"constructor"'],
    [':ping', undefined, 'unknown-method', '":ping"'],
    ['Alpha:Beta:ping', undefined, 'unknown-method', '"Beta:ping"'],
    ['', undefined, 'unknown-method', '""'],
  ])('refuses the method %p of the service %p: %s', (method, service, code, text) => {
    const error = refused(() => both.encode({ method, args: { n: 1 }, ...(service !== undefined && { service }) }));
    expect([error.code, error.message]).toEqual([code, expect.stringContaining(text)]);
  });

  it('cuts and escapes an unknown method name in the error', () => {
    const { message: text } = refused(() => alpha.encode({ method: `\n${'x'.repeat(10_000)}`, args: {} }));
    expect(text.length).toBeLessThan(300);
    expect(text).toContain('"\\nxxx');
  });

  it('names the field of an invalid argument', () => {
    const act = (): Buffer => alpha.encode({ method: 'note', args: { note: { text: 'x', marks: [1, 'two'] } } });
    expect(act).toThrow(ThriftWriteError);
    expect(act).toThrow(/^note\.note\.marks\[1\]: /);
    expect(() => alpha.encode({ method: 'note', args: { note: {} } })).toThrow(/^note\.note\.text: /);
  });

  it('encodes a valid call after a failed call', () => {
    expect(() => alpha.encode({ method: 'note', args: { note: { text: 'x', marks: ['no'] } } })).toThrow();
    expect(alpha.encode({ method: 'ping', args: { n: 7 } })).toEqual(message('ping', 7));
  });

  it('refuses two services with the same name', () => {
    expect(() => codecOf({}, Alpha, Alpha)).toThrow(expect.objectContaining({ code: 'unknown-service' }));
  });
});
