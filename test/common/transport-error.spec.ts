import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ThriftTransportError } from '../../lib/common/transport-error.js';
import { LeaseLostError, WorkerStoppedError } from '../../lib/consume/delivery.js';
import { HandlersFailedError, HandlerTimeoutError } from '../../lib/consume/handler-errors.js';
import { EventInProgressError, IdempotencyStoreError } from '../../lib/consume/middleware/idempotency.js';
import { ContractError, MalformedEventError } from '../../lib/event/event-error.js';
import { IdlError } from '../../lib/idl/errors.js';
import { EmitAllError } from '../../lib/publish/publish-all.js';
import { PublishError } from '../../lib/publish/publish-error.js';
import { QueueError } from '../../lib/queue/queue-error.js';
import { ThriftReadError, ThriftWriteError } from '../../lib/thrift/errors.js';

const page = readFileSync('docs/errors.md', 'utf8');

const ERRORS: readonly (Error & { readonly code: string })[] = [
  new LeaseLostError('m1'),
  new WorkerStoppedError(),
  new HandlerTimeoutError(1),
  new HandlersFailedError([]),
  new EventInProgressError('e1', 1),
  new IdempotencyStoreError('begin', new Error('no')),
  new ContractError('unknown-method', 'no'),
  new MalformedEventError('empty', 'no'),
  new IdlError('syntax', 'no', { file: 'a.thrift' }),
  new EmitAllError(0, 0, 1, new Error('no')),
  new PublishError('closed', 'no'),
  new ThriftReadError('truncated', 'no'),
  new ThriftWriteError('wrong-type', 'no'),
];

/** Returns the members of a union of texts in a source file. */
function membersOf(file: string, type: string): string[] {
  const text = readFileSync(file, 'utf8');
  const [union = ''] = text.slice(text.indexOf(`export type ${type} =`)).split(';');
  return [...union.matchAll(/'([a-z-]+)'/g)].map(([, member]) => member!);
}

describe('the errors of the library', () => {
  it.each(ERRORS.map((error) => [error.constructor.name, error] as const))(
    'count as ThriftTransportError, and have a documented code: %s',
    (name, error) => {
      expect(error).toBeInstanceOf(ThriftTransportError);
      expect(error).toBeInstanceOf(Error);
      expect(page).toContain(name);
      expect(page).toContain(`\`${error.code}\``);
    },
  );

  it('do not recognize other errors', () => {
    expect(new QueueError('no', { code: 'X', kind: 'service', queue: 'q' })).toBeInstanceOf(ThriftTransportError);
    expect(new Error('no')).not.toBeInstanceOf(ThriftTransportError);
    expect({ code: 'closed' }).not.toBeInstanceOf(ThriftTransportError);
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
