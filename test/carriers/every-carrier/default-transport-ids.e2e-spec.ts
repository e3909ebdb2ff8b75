import { Controller, Module } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ClientSqsThrift, ServerSqsThrift, SQS_THRIFT, ThriftFactory } from 'nestjs-sqs-thrift';
import { ServerThriftHttp, THRIFT_HTTP } from 'nestjs-sqs-thrift/http';
import { ClientThriftSocket, ServerThriftSocket, THRIFT_SOCKET } from 'nestjs-sqs-thrift/socket';
import { ServerThriftStarling, THRIFT_STARLING } from 'nestjs-sqs-thrift/starling';
import { type EmbeddedSqs, startEmbeddedSqs } from 'nestjs-sqs-thrift/testing';
import { lastValueFrom } from 'rxjs';
import { Outcomes as service } from './outcomes-contract.js';

const lines: string[] = [];

@Controller()
class PinnedController {
  @EventPattern<string>('complete', SQS_THRIFT)
  fromQueue(): void {
    lines.push('from the queue');
  }

  @EventPattern<string>('complete', THRIFT_SOCKET)
  fromSocket(): void {
    lines.push('from a socket');
  }
}

@Module({ controllers: [PinnedController] })
class PinnedModule {}

const closes: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closes.splice(0).reverse()) await close();
});

function serverSqs({ endpoint, region, credentials }: EmbeddedSqs): ServerSqsThrift {
  return new ServerSqsThrift({ endpoint, region, credentials, queue: 'jobs', service, waitTimeSeconds: 1 });
}

describe('the default transport ids', () => {
  it('tell the strategies of all carriers apart', () => {
    const strategies = [
      new ServerSqsThrift({ queue: 'jobs', service, region: 'eu-central-1' }),
      new ServerThriftSocket({ service }),
      new ServerThriftHttp({ port: 0, service }),
      new ServerThriftStarling({ queue: 'jobs', service }),
    ];
    const ids = strategies.map(({ transportId }) => transportId);
    expect(ids).toEqual([SQS_THRIFT, THRIFT_SOCKET, THRIFT_HTTP, THRIFT_STARLING]);
    expect(new Set(ids).size).toBe(4);
  });

  it('pin handlers of one method to SQS and to sockets in one application', async () => {
    const sqs = await startEmbeddedSqs();
    closes.push(() => sqs.stop());
    await sqs.createQueue('jobs');
    const socket = new ServerThriftSocket({ host: '127.0.0.1', port: 0, service });
    const strategies = [serverSqs(sqs), socket];
    const settled = strategies.map((strategy) => new Promise((resolve) => strategy.on('settled', resolve)));
    const app = await ThriftFactory.create(PinnedModule, strategies, { logger: false, abortOnError: false });
    closes.push(() => app.close());
    await app.startAllMicroservices();
    await app.init();
    const { endpoint, region, credentials } = sqs;
    const clients = [
      new ClientSqsThrift({ endpoint, region, credentials, queue: 'jobs', service }),
      new ClientThriftSocket({ host: '127.0.0.1', port: socket.address!.port, service }),
    ];
    for (const client of clients) closes.push(() => client.close());
    await Promise.all(clients.map((client) => lastValueFrom(client.emit('complete', {}))));
    expect(await Promise.all(settled)).toMatchObject([{ outcome: 'ack' }, { outcome: 'ack' }]);
    expect(lines.sort()).toEqual(['from a socket', 'from the queue']);
  });
});
