import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import * as codec from '../../lib/codec.js';
import * as idl from '../../lib/idl.js';
import * as main from '../../lib/index.js';
import * as port from '../../lib/port.js';
import * as testing from '../../lib/testing.js';

const page = readFileSync('docs/errors.md', 'utf8');

/** Error classes without instances of their own. */
const ABSTRACT: readonly string[] = ['ThriftTransportError', 'ThriftCodecError'];

/** Creates an instance of each error class that the package exports. */
const SAMPLES: Readonly<Record<string, () => Error>> = {
  BufferFullError: () => new main.BufferFullError('q', 1, 1),
  ContractError: () => new main.ContractError('unknown-method', 'no'),
  EmitAllError: () => new main.EmitAllError(0, 0, 1, new Error('no')),
  EventInProgressError: () => new main.EventInProgressError('e1', 1),
  HandlerTimeoutError: () => new main.HandlerTimeoutError(1),
  HandlersFailedError: () => new main.HandlersFailedError([]),
  IdempotencyStoreError: () => new main.IdempotencyStoreError('begin', new Error('no')),
  IdlError: () => new idl.IdlError('syntax', 'no', { file: 'a.thrift' }),
  LeaseLostError: () => new main.LeaseLostError('m1'),
  MalformedEventError: () => new main.MalformedEventError('empty', 'no'),
  PublishError: () => new main.PublishError('closed', 'no'),
  QueueError: () => new main.QueueError('no', { code: 'QueueDoesNotExist', kind: 'missing-queue', queue: 'q' }),
  RejectEventException: () => new main.RejectEventException('no'),
  RetryEventException: () => new main.RetryEventException(),
  ThriftReadError: () => new codec.ThriftReadError('truncated', 'no'),
  ThriftWriteError: () => new codec.ThriftWriteError('wrong-type', 'no'),
  WorkerStoppedError: () => new main.WorkerStoppedError(),
};

/** Lists the names of the error classes that the entry points export. */
function exportedErrors(): string[] {
  const entries = Object.entries({ ...main, ...codec, ...idl, ...port, ...testing }) as [string, unknown][];
  const isError = (value: unknown): boolean =>
    typeof value === 'function' && (value.prototype as unknown) instanceof Error;
  return entries.filter(([, value]) => isError(value)).map(([name]) => name);
}

/** Returns the members of a union of texts in a source file. */
function membersOf(file: string, type: string): string[] {
  const text = readFileSync(file, 'utf8');
  const [union = ''] = text.slice(text.indexOf(`export type ${type} =`)).split(';');
  return [...union.matchAll(/'([a-z-]+)'/g)].map(([, member]) => member!);
}

describe('the errors of the library', () => {
  it('have a sample here for every exported class', () => {
    expect([...Object.keys(SAMPLES), ...ABSTRACT].sort()).toEqual(exportedErrors().sort());
  });

  it.each(Object.entries(SAMPLES))('count as ThriftTransportError, and have a documented code: %s', (name, create) => {
    const error = create() as Error & { readonly code?: unknown };
    expect(error).toBeInstanceOf(main.ThriftTransportError);
    expect(error).toBeInstanceOf(Error);
    expect(error.constructor.name).toBe(name);
    expect(error.code).toEqual(expect.any(String));
    expect(page).toContain(`\`${name}\``);
    expect(page).toContain(`\`${String(error.code)}\``);
  });

  it('do not recognize other errors', () => {
    expect(new Error('no')).not.toBeInstanceOf(main.ThriftTransportError);
    expect({ code: 'closed' }).not.toBeInstanceOf(main.ThriftTransportError);
  });

  it.each([
    ['lib/publish/publish-error.ts', 'PublishErrorCode'],
    ['lib/event/event-error.ts', 'ContractErrorCode'],
    ['lib/idl/errors.ts', 'IdlErrorCode'],
    ['lib/queue/queue-error.ts', 'QueueErrorKind'],
  ])('have every code of a closed list on the page of errors: %s %s', (file, type) => {
    const members = membersOf(file, type);
    expect(members.length).toBeGreaterThan(4);
    expect(members.filter((member) => !page.includes(`\`${member}\``))).toEqual([]);
  });
});
