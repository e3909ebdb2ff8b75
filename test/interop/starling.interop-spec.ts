import { Controller, type INestMicroservice, Module } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { ThriftFactory } from 'nestjs-sqs-thrift';
import { ClientThriftStarling, ServerThriftStarling } from 'nestjs-sqs-thrift/starling';
import { type EmbeddedStarling, type EmbeddedStarlingOptions, startEmbeddedStarling } from 'nestjs-sqs-thrift/testing';
import { lastValueFrom } from 'rxjs';
import { describeReady } from './describe-ready.js';
import { BackupQueue } from './nest-peer.js';
import { PythonPeer, whatIsMissing } from './python-peer.js';

type Server = NonNullable<EmbeddedStarlingOptions['server']>;

const IDS = ['one', 'two\r\nEND\r\n', 'zwölf 漢字'];

describeReady('memcached clients of Python', whatIsMissing(), () => {
  const closing: (() => Promise<unknown>)[] = [];
  let python: PythonPeer;

  beforeAll(() => void (python = new PythonPeer({})));
  afterAll(() => python.close());
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  async function start(server: Server): Promise<EmbeddedStarling> {
    const starling = await startEmbeddedStarling({ server });
    closing.push(() => starling.stop());
    return starling;
  }

  /** Starts a worker, and returns a function that waits for the ids of so many requests. */
  async function startWorker({ port }: EmbeddedStarling): Promise<(count: number) => Promise<string[]>> {
    const ids: string[] = [];
    let wake = (): void => undefined;
    @Controller()
    class BackupController {
      @EventPattern<string>('startBackup')
      start(@Payload() { request }: { request: { id: string } }): void {
        ids.push(request.id);
        wake();
      }
    }
    @Module({ controllers: [BackupController] })
    class WorkerModule {}
    const strategy = new ServerThriftStarling({ queue: 'backup', service: BackupQueue, port });
    const app: INestMicroservice = await ThriftFactory.createMicroservice(WorkerModule, strategy, { logger: false });
    closing.push(() => app.close());
    await app.listen();
    return async (count) => {
      while (ids.length < count) await new Promise<void>((resolve) => (wake = resolve));
      return ids;
    };
  }

  const requests = IDS.map((id) => `${JSON.stringify({ id, userId: 'alice', requestedAt: '1' })}\n`).join('');

  it.each<[client: string, server: Server]>([
    ['pymemcache', 'starling'],
    ['pymemcache', 'siberite'],
    ['pymemcache', 'kestrel'],
    ['python-memcached', 'siberite'],
    ['python-memcached', 'kestrel'],
  ])('%s sends calls over a %s that Nest handles', async (client, server) => {
    const starling = await start(server);
    const handled = await startWorker(starling);
    await python.run('memcached.py', [client, String(starling.port), 'send', 'backup'], requests);
    expect([...(await handled(IDS.length))].sort()).toEqual([...IDS].sort());
  });

  it.each<[client: string, verb: string, server: Server]>([
    ['pymemcache', 'take', 'starling'],
    ['pymemcache', 'take', 'siberite'],
    ['pymemcache', 'take', 'kestrel'],
    ['python-memcached', 'open', 'siberite'],
    ['python-memcached', 'open', 'kestrel'],
  ])('%s takes the calls that Nest emits, with %s over a %s', async (client, verb, server) => {
    const starling = await start(server);
    const emitter = new ClientThriftStarling({ queue: 'backup', service: BackupQueue, port: starling.port });
    closing.push(() => emitter.close());
    const ids = ['one', 'two', 'three'];
    for (const id of ids)
      await lastValueFrom(emitter.emit('startBackup', { request: { id, userId: 'bob', requestedAt: 1 } }));
    const args = [client, String(starling.port), verb, 'backup', String(ids.length)];
    expect((await python.run('memcached.py', args)).trim().split('\n')).toEqual(ids);
    expect([starling.items('backup').length, starling.openItems('backup')]).toEqual([0, 0]);
  });

  it('python-memcached is refused by a Starling, since its set ends with a blank', async () => {
    const { port } = await start('starling');
    const sending = python.run('memcached.py', ['python-memcached', String(port), 'send', 'backup'], requests);
    await expect(sending).rejects.toThrow('the server did not store an item');
  });
});
