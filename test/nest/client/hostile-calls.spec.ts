import { runInNewContext } from 'node:vm';
import { Logger } from '@nestjs/common';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { lastValueFrom, type Observable } from 'rxjs';
import { stubName } from '#lib/common/member-name.js';
import { findService } from '#lib/idl/find-service.js';
import { loadSchemaFromText } from '#lib/idl/load-schema.js';
import type { ThriftService } from '#lib/idl/schema.js';
import { RecordingClient } from '#lib/nest/recording/recording-client.js';
import { ThriftRecord, ThriftRecordBuilder } from '#lib/nest/thrift.record-builder.js';
import { ThriftTransportError } from '#lib/common/transport-error.js';

const IDL = `
  service Jobs {
    oneway void run(1: string name)
    oneway void then(1: string a, 2: string b)
    oneway void constructor(1: string a)
    oneway void toString(1: string a)
    oneway void emit(1: string a)
    oneway void close(1: string a)
    oneway void __proto__(1: string __proto__, 2: string constructor)
  }`;
const Jobs = findService(loadSchemaFromText(IDL), 'Jobs');
const METHODS = [...Jobs.functions.keys()];

const client = (): RecordingClient => new RecordingClient({ service: Jobs });
const rejection = (emitted: Observable<unknown> | Promise<unknown>): Promise<unknown> =>
  ('subscribe' in emitted ? lastValueFrom(emitted) : emitted).then(() => 'stored', (error: unknown) => error); // prettier-ignore
const any = (value: unknown): never => value as never;
const args = { name: 'a' };

/** A proxy whose every trap throws a value. */
function hostile(value: unknown): object {
  const trap = (): never => {
    throw value as Error;
  };
  return new Proxy({}, { get: trap, has: trap, ownKeys: trap, getPrototypeOf: trap });
}

beforeAll(() => {
  Logger.overrideLogger(false);
});

describe('a method with the name of a member of objects', () => {
  it.each(METHODS)('is emitted, called by the stub and recorded like any other: %s', async (method) => {
    const emitting = client();
    const names = Jobs.functions.get(method)!.args.fields.map(({ name }) => name);
    const given = Object.fromEntries(names.map((name) => [name, `${name}!`]));
    expect(await rejection(emitting.emit(method, given))).toBe('stored');
    const stub = emitting.getService(Jobs);
    expect(await stub[stubName(method, Jobs.functions)]!(...names.map((name) => `${name}!`))).toBe('recorded-2');
    const recorded = emitting.argsOf(method).map((one) => Object.entries(any(one)));
    expect(recorded).toEqual([Object.entries(given), Object.entries(given)]);
  });

  it('that no service has is unknown', async () => {
    for (const method of ['hasOwnProperty', '__defineGetter__', 'valueOf']) {
      expect(await rejection(client().emit(method, {}))).toMatchObject({ code: 'unknown-method' });
      expect(client().getService(Jobs)[method]).toBeUndefined();
    }
  });
});

describe('a hostile pattern', () => {
  const reason = new Error('do not read me');

  it.each([[reason], [null], ['text']])(
    'fails the call by its own error %p, and emit itself does not throw',
    async (error) => {
      for (const pattern of [
        hostile(error),
        Object.defineProperty({}, 'method', {
          get: () => {
            throw error;
          },
        }),
      ]) {
        // prettier-ignore
        const emitting = client();
        const failed: unknown[] = [];
        emitting.on('emit-failed', (event) => failed.push([event.method, event.error]));
        expect(await rejection(emitting.emit(pattern, args))).toBe(error);
        expect(failed).toEqual([['object', error]]);
        expect(await rejection(emitting.send(pattern, args))).toMatchObject({ code: 'not-oneway' });
        expect(await rejection(emitting.emitAll(any(pattern), [args]))).toMatchObject({ code: 'emit-all-stopped' });
      }
    },
  );

  it.each([[Symbol('run')], [undefined], [() => 'run'], [[]], [{ method: 5 }], [{ method: 'run', service: 5 }]])(
    'is refused: %p',
    async (pattern) => {
      expect(await rejection(client().emit(pattern, args))).toMatchObject({ code: 'unknown-method' });
    },
  );

  it('appears escaped and cut in every error', async () => {
    const name = `run\n\u202e[ERROR] ${'x'.repeat(100_000)}`;
    const fake = { ...Jobs, name };
    const errors = [
      await rejection(client().emit(name, args)),
      await rejection(client().emit({ service: name, method: 'run' }, args)),
      await rejection(client().send(name, args)),
      await rejection((async () => client().getService(fake))()),
    ];
    for (const error of errors) {
      expect(error).toBeInstanceOf(ThriftTransportError);
      expect((error as Error).message).not.toMatch(/[\p{Cc}\p{Cf}]|x{200}/u);
    }
  });
});

describe('options of a call', () => {
  it.each<[options: unknown, fault: string]>([
    [{ groupID: 'a' }, 'unknown option groupID; did you mean groupId?'],
    [{ messageGroupId: 'a' }, 'unknown option messageGroupId; did you mean groupId?'],
    [{ headers: {} }, 'unknown option headers; did you mean attributes?'],
    [{ delay: 5 }, 'unknown option delay; did you mean delaySeconds?'],
    [Object.create({ groupID: 'a' }), 'unknown option groupID; did you mean groupId?'],
    [null, 'the options must be an object, got null'],
    ['group', 'the options must be an object, got the text "group"'],
    [{ attributes: new Map([['a', 'b']]) }, 'attributes must be an object, got a Map'],
    [{ attributes: ['a'] }, 'attributes must be an object, got an array'],
    [{ attributes: 'text' }, 'attributes must be an object, got the text "text"'],
  ])('with a mistake are refused before the call: %j', (options, fault) => {
    expect(() => client().getService(Jobs, any(options))).toThrow(new TypeError(`getService: ${fault}`));
    expect(() => new ThriftRecord(args, any(options))).toThrow(new TypeError(`ThriftRecord: ${fault}`));
  });

  it('of a builder fail the call alone', async () => {
    const record = new ThriftRecordBuilder(args).setAttributes(any(new Map([['a', 'b']])));
    expect(await rejection(client().emit('run', record))).toEqual(
      new TypeError('ThriftRecord: attributes must be an object, got a Map'),
    );
  });

  it('and the arguments may change after an emit, and a builder may be used again', async () => {
    const emitting = client();
    const attributes = { a: '1' };
    const given = { name: 'first' };
    const record = new ThriftRecordBuilder(given).setAttributes(attributes).setGroupId('g1');
    const emitted = emitting.emit('run', record);
    attributes.a = '2';
    given.name = 'second';
    record.setGroupId('g2').setEventId('e2');
    expect([await rejection(emitted), await rejection(emitting.emit('run', record))]).toEqual(['stored', 'stored']);
    expect(emitting.calls).toMatchObject([
      { args: { name: 'first' }, options: { attributes: { a: '1' }, groupId: 'g1' } },
      { args: { name: 'second' }, options: { attributes: { a: '2', 'thrift-event-id': 'e2' }, groupId: 'g2' } },
    ]);
  });
});

describe('a client that gets something else', () => {
  it.each([[undefined], [null], [{}], ['Jobs'], [{ functions: {} }]])('refuses %j as a service', (service) => {
    expect(() => client().getService(any(service))).toThrow(/^getService takes a service as its first argument: /);
    expect(() => new RecordingClient({ service: any(service) })).toThrow(/^option service must be /);
  });

  it('accepts an equal service of another realm', () => {
    const functions = runInNewContext('new Map(functions)', {
      functions: Jobs.functions,
    }) as ThriftService['functions'];
    expect(() => new RecordingClient({ service: { ...Jobs, functions } })).not.toThrow();
    const names = METHODS.map((name) => stubName(name, functions));
    expect(Object.keys(client().getService({ ...Jobs, functions }))).toEqual(names);
  });

  it('refuses a listener that is no function', () => {
    expect(() => client().on('stored', any(undefined))).toThrow(
      new TypeError('on: the listener must be a function, got undefined'),
    );
  });

  it('survives listeners whose promises reject, of any realm and library', async () => {
    const emitting = client();
    let asked = 0;
    emitting.on('stored', runInNewContext('async () => { throw new Error("listener") }') as never);
    emitting.on('stored', any(() => ({ then: (_: unknown, reject: (error: Error) => void) => { asked += 1; reject(new Error('listener')); } }))); // prettier-ignore
    emitting.on('stored', any(() => Object.defineProperty({}, 'then', { get: () => { throw new Error('listener'); } }))); // prettier-ignore
    const unhandled: unknown[] = [];
    const note = (error: unknown): void => void unhandled.push(error);
    process.on('unhandledRejection', note);
    expect(await rejection(emitting.emit('run', args))).toBe('stored');
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', note);
    expect([asked, unhandled]).toEqual([1, []]);
  });
});
