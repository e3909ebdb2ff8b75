import { Module } from '@nestjs/common';
import { ClientsModule } from '@nestjs/microservices';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type BaseThriftClient, ClientSqsThrift } from 'nestjs-sqs-thrift';
import { createLambdaHandler } from 'nestjs-sqs-thrift/lambda';
import { type SqsFake, startSqsFake } from '../../fakes/sqs/sqs-fake.js';
import { BackupController, BackupQueue, bodyOf, Desk } from './backup-function.js';
import { contextOf, eventOf, recordOf } from './event-records.js';
import { closeFunctions, closeLater, failures } from './functions.js';
import { Lines } from './lines.js';

describe('the calls that handlers emit without waiting', () => {
  let sqs: SqsFake;
  beforeAll(async () => {
    sqs = await startSqsFake();
    sqs.createQueue('other');
    sqs.on('SendMessageBatch', 'hang');
  });
  afterEach(closeFunctions);
  afterAll(() => sqs.stop());

  it('keep the messages of their event if they are not stored in time', async () => {
    const { endpoint, region, credentials } = sqs;
    const options = { endpoint, region, credentials, queue: 'other', service: BackupQueue, flushTimeoutMs: 0 };
    const desk = new Desk();
    const WIRING = {
      provide: 'WIRING',
      inject: ['OTHER'],
      useFactory: (client: BaseThriftClient) => {
        desk.handler = (userId) => userId === 'alice' && void client.emit('removeBackup', { userId });
      },
    };
    class FunctionModule {}
    Module({
      imports: [ClientsModule.register([ClientSqsThrift.register('OTHER', options)])],
      controllers: [BackupController],
      providers: [{ provide: Desk, useValue: desk }, WIRING],
    })(FunctionModule);
    const logger = new Lines();
    const queue = { queue: 'backup', service: BackupQueue };
    const handler = closeLater(createLambdaHandler(FunctionModule, queue, { application: { logger } }));
    await handler.ready();
    const records = [recordOf(bodyOf('alice')), recordOf(bodyOf('bob'))];
    expect(await handler(eventOf(...records), contextOf(800))).toEqual(failures(...records));
    expect(desk.lines).toEqual(['alice', 'bob']);
    expect(logger.with('1 emitted calls are not stored')).toHaveLength(1);
  });
});
