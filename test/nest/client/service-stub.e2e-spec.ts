import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { OnewayStub } from 'nestjs-sqs-thrift';
import { findService, loadSchemaFromText } from 'nestjs-sqs-thrift/idl';
import { RecordingClient } from 'nestjs-sqs-thrift/testing';

/** Names of methods that something calls by itself on an object that it gets. */
const CALLED = [
  'then',
  'toJSON',
  'toString',
  'toLocaleString',
  'valueOf',
  'asymmetricMatch',
  'onModuleInit',
  'onApplicationBootstrap',
  'onModuleDestroy',
  'beforeApplicationShutdown',
  'onApplicationShutdown',
];
/** Names that only look like it. */
const FREE = [
  'catch',
  'finally',
  'constructor',
  'call',
  'apply',
  'next',
  'close',
  'length',
  'name',
  'inspect',
  'toBSON',
];

const methods = [...CALLED, ...FREE].map((name) => `oneway void ${name}()`).join('\n');
const service = findService(loadSchemaFromText(`service Odd { ${methods} }`), 'Odd');

const clients: RecordingClient[] = [];

function stubOf(of = service): { stub: OnewayStub; sent: () => string[] } {
  const client = new RecordingClient({ service: of });
  clients.push(client);
  return { stub: client.getService(of), sent: () => client.calls.map(({ method }) => method) };
}

afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
});

describe('a stub of a service with names that others call', () => {
  it.each<[string, (stub: OnewayStub) => unknown]>([
    ['is awaited', async (stub) => await (stub as unknown as Promise<unknown>)],
    ['is the result of a promise', (stub) => Promise.resolve(stub)],
    ['is one of several promises', (stub) => Promise.all([stub as unknown as Promise<unknown>])],
    ['becomes JSON', (stub) => JSON.stringify({ stub })],
    ['becomes text', (stub) => expect(() => `${stub as unknown as string}`).toThrow(TypeError)],
    ['becomes a number', (stub) => expect(() => Number(stub)).toThrow(TypeError)],
    ['is compared by a matcher', (stub) => expect({ stub }).toEqual({ stub })],
    ['is compared with something else', (stub) => expect({ stub }).not.toEqual({ stub: 1 })],
    ['is copied', (stub) => ({ ...stub })],
  ])('sends nothing when it %s', async (_, use) => {
    const { stub, sent } = stubOf();
    await use(stub);
    expect(sent()).toEqual([]);
  });

  it('sends nothing when it is a provider of an application', async () => {
    const { stub, sent } = stubOf();
    @Module({ providers: [{ provide: 'STUB', useFactory: async () => stub }] })
    class AppModule {}
    const app = await NestFactory.createApplicationContext(AppModule, { logger: false });
    expect(app.get('STUB')).toBe(stub);
    await app.close();
    expect(sent()).toEqual([]);
  });

  it('has each such method under a name with an underscore, and the others under their own', async () => {
    const { stub, sent } = stubOf();
    for (const name of CALLED) await stub[`${name}_`]!();
    for (const name of FREE) await stub[name]!();
    expect(sent()).toEqual([...CALLED, ...FREE]);
  });

  it('keeps the name of a method that has the underscore already', async () => {
    const both = findService(loadSchemaFromText('service Both { oneway void then(), oneway void then_() }'), 'Both');
    const { stub, sent } = stubOf(both);
    await stub['then_']!();
    await stub['then__']!();
    expect(sent()).toEqual(['then_', 'then']);
  });
});
