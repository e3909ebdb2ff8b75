import { Module, type Type } from '@nestjs/common';
import { ClientsModule } from '@nestjs/microservices';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type BaseThriftClient, ClientSqsThrift } from 'nestjs-sqs-thrift';
import { createLambdaHandler } from 'nestjs-sqs-thrift/lambda';
import { type EmbeddedMessage, type EmbeddedSqs, startEmbeddedSqs } from 'nestjs-sqs-thrift/testing';
import { BackupController, BackupQueue, bodyOf, Desk, moduleOf } from './backup-function.js';
import { contextOf, eventOf, recordOf } from './event-records.js';
import { closeFunctions, closeLater, failures, functionOf } from './functions.js';

afterEach(closeFunctions);

const QUEUE = { queue: 'backup', service: BackupQueue };
const QUIET = { application: { logger: false } } as const;

/** Returns a module whose start fails as often as asked, and counts its starts. */
function failingModule(times: number): { module: Type<unknown>; starts: () => number } {
  let starts = 0;
  const START = {
    provide: 'START',
    useFactory: (): number => {
      starts += 1;
      if (starts <= times) throw new Error(`no database at start ${starts}`);
      return starts;
    },
  };
  class FunctionModule {}
  Module({ controllers: [BackupController], providers: [START, Desk] })(FunctionModule);
  return { module: FunctionModule, starts: () => starts };
}

describe('the start of a function', () => {
  it('happens once, when the module loads', async () => {
    const { module, starts } = failingModule(0);
    const handler = closeLater(createLambdaHandler(module, QUEUE, QUIET));
    await handler.ready();
    expect(starts()).toBe(1);
    for (let i = 0; i < 3; i += 1) expect(await handler(eventOf(recordOf(bodyOf('alice'))))).toEqual(failures());
    expect(starts()).toBe(1);
  });

  it('fails the event, and the next event starts anew', async () => {
    const { module, starts } = failingModule(2);
    const handler = closeLater(createLambdaHandler(module, QUEUE, QUIET));
    const event = eventOf(recordOf(bodyOf('alice')));
    await expect(handler.ready()).rejects.toThrow('no database at start 1');
    await expect(handler(event, contextOf(5_000))).rejects.toThrow('no database at start 2');
    expect(await handler(event, contextOf(5_000))).toEqual(failures());
    expect(starts()).toBe(3);
  });

  it('prepares the application', async () => {
    const desk = new Desk();
    const seen: string[] = [];
    const configure = (): void => void seen.push('configured');
    expect(await functionOf(desk, {}, { ...QUIET, configure })({ Records: [] })).toEqual(failures());
    expect(seen).toEqual(['configured']);
  });

  it('follows a close', async () => {
    const desk = new Desk();
    const handler = functionOf(desk);
    await handler(eventOf(recordOf(bodyOf('alice'))));
    await handler.close();
    expect(desk.lines).toEqual(['alice', 'destroyed']);
    expect(await handler(eventOf(recordOf(bodyOf('bob'))))).toEqual(failures());
    expect(desk.lines).toEqual(['alice', 'destroyed', 'bob']);
  });

  it.each<[string, () => unknown, string]>([
    [
      'an unknown option',
      () => functionOf(new Desk(), { waitTimeSeconds: 1 } as never),
      'unknown option waitTimeSeconds',
    ],
    ['an unknown option of the handler', () => functionOf(new Desk(), {}, { answerMs: 1 } as never), 'answerBeforeMs'],
    ['no time to answer', () => functionOf(new Desk(), {}, { answerBeforeMs: 0 }), 'answerBeforeMs must be'],
    ['no queue', () => functionOf(new Desk(), { queue: undefined }), 'option queue is missing'],
    ['an empty list of queues', () => createLambdaHandler(moduleOf(new Desk()), []), 'an empty list'],
    ['a queue twice', () => createLambdaHandler(moduleOf(new Desk()), [QUEUE, QUEUE]), 'the queue backup twice'],
    [
      'a removal of bodies in S3',
      () => functionOf(new Desk(), { largePayloads: { bucket: 'bodies', deletePayloads: true } as never }),
      'option largePayloads.deletePayloads has no effect',
    ],
  ])('is refused with %s', (_title, create, text) => {
    expect(create).toThrow(text);
  });
});

describe('the calls that handlers emit', () => {
  let sqs: EmbeddedSqs;
  const stored: EmbeddedMessage[] = [];
  beforeAll(async () => {
    sqs = await startEmbeddedSqs({ onSend: (message) => stored.push(message) });
    await sqs.createQueue('other');
  });
  afterAll(() => sqs.stop());

  it('are stored before the answer, although no handler awaits them', async () => {
    const { endpoint, region, credentials } = sqs;
    const options = { endpoint, region, credentials, queue: 'other', service: BackupQueue };
    const desk = new Desk();
    const WIRING = {
      provide: 'WIRING',
      inject: ['OTHER'],
      useFactory: (client: BaseThriftClient) => {
        desk.handler = (userId) => void client.emit('removeBackup', { userId });
      },
    };
    class FunctionModule {}
    Module({
      imports: [ClientsModule.register([ClientSqsThrift.register('OTHER', options)])],
      controllers: [BackupController],
      providers: [{ provide: Desk, useValue: desk }, WIRING],
    })(FunctionModule);
    const handler = closeLater(createLambdaHandler(FunctionModule, QUEUE, QUIET));
    await handler(eventOf(recordOf(bodyOf('alice')), recordOf(bodyOf('bob'))), contextOf(20_000));
    expect(stored).toHaveLength(2);
  });
});
