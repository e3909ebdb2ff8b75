import { afterEach, describe, expect, it } from '@jest/globals';
import { lastValueFrom } from 'rxjs';
import { findService } from '../../../lib/idl/find-service.js';
import { loadSchemaFromText } from '../../../lib/idl/load-schema.js';
import { createMemoryQueue } from '../../../lib/carriers/memory/memory-queue.js';
import { closeAll, closeLater, TestClient } from '../harness.js';

const IDL = `
  struct Order { 1: string id, 2: list<string> items }
  service Orders { oneway void place(1: Order order) (sqs.group = "order.id") }`;

const load = () => findService(loadSchemaFromText(IDL, { fileName: 'shop.thrift' }), 'Orders');

afterEach(closeAll);

function client(options: object = {}): TestClient {
  const queue = createMemoryQueue({ fifo: true, contentBasedDeduplication: true });
  return closeLater(new TestClient(() => Promise.resolve(queue), { service: load(), ...options }));
}

async function failure(args: object, options: object = {}): Promise<string> {
  const emitted = lastValueFrom(client(options).emit('place', args)).then(() => 'stored');
  return emitted.catch((error: Error) => error.message);
}

describe('the arguments of an emit', () => {
  it.each<[what: string, args: object, text: string]>([
    [
      'the only argument itself in place of the arguments',
      { id: 'a', items: [] },
      'place: the method takes { order }, and the argument order is missing; got the keys id, items',
    ],
    ['a misspelt argument', { oder: { id: 'a' } }, 'place.oder: unknown argument; did you mean order?'],
    [
      'a misspelt field',
      { order: { id: 'a', item: [] } },
      'place.order.item: unknown field of Order; did you mean items?',
    ],
    [
      'no arguments',
      {},
      'Orders.place: the method takes { order }, and the argument order is missing; got no keys. sqs.group in shop.thrift needs the argument; set the argument, or set the id with ThriftRecordBuilder',
    ],
    [
      'an argument without the field of the group',
      { order: {} },
      'Orders.place: sqs.group in shop.thrift is "order.id", which is not set in this call; set the field, or set the id with ThriftRecordBuilder',
    ],
  ])('name the argument before the routing: %s', async (_, args, text) => {
    expect(await failure(args)).toBe(text);
  });

  it('may have unknown fields with unknownFields: ignore, and still name a missing argument first', async () => {
    expect(await failure({ order: { id: 'a', item: [] }, more: 1 }, { unknownFields: 'ignore' })).toBe('stored');
    expect(await failure({ id: 'a', items: [] }, { unknownFields: 'ignore' })).toMatch(
      /^Orders\.place: the method takes \{ order \}, and the argument order is missing; got the keys id, items\./,
    );
  });
});

describe('getService', () => {
  it('takes another object for an equal service, and no other service of the same name', async () => {
    const stub = client().getService(load());
    expect(await stub['place']!({ id: 'a' })).toEqual(expect.any(String));
    const other = findService(loadSchemaFromText('service Orders { oneway void place(1: string order) }'), 'Orders');
    expect(() => client().getService(other)).toThrow('this client was not given the service "Orders"');
  });

  it.each<[what: string, service: unknown, options: object, text: string]>([
    [
      'the name of a service',
      'Orders',
      {},
      'getService takes a service as its first argument: one of a generated module, or of loadService; got the text "Orders"',
    ],
    [
      'nothing',
      undefined,
      {},
      'getService takes a service as its first argument: one of a generated module, or of loadService; got undefined',
    ],
    ['a misspelt option', load(), { groupID: 'a' }, 'getService: unknown option groupID; did you mean groupId?'],
  ])('refuses %s', (_, service, options, text) => {
    expect(() => client().getService(service as ReturnType<typeof load>, options)).toThrow(new TypeError(text));
  });
});
