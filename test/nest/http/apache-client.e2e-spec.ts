import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Module } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { ThriftFactory } from 'nestjs-sqs-thrift';
import { ServerThriftHttp, type ServerThriftHttpOptions } from 'nestjs-sqs-thrift/http';
import thrift from 'thrift';
import { RepliesService } from '../../apache/harness.js';
import Replies from '../../thrift/generated/transport/Replies.js';
import { closeAll, closeLater } from '../harness.js';
import { Seen } from './harness.js';

afterEach(closeAll);

const PROTOCOLS = {
  binary: thrift.TBinaryProtocol,
  compact: thrift.TCompactProtocol,
  JSON: thrift.TJSONProtocol,
};

interface Started {
  readonly seen: Seen<string>;
  readonly client: Replies.Client;
  /** Resolves with the error that the connection of the client emits. */
  readonly failure: Promise<Error>;
}

/** Starts a strategy, and a client of Apache's Node library that posts to it. */
async function start(
  protocol: keyof typeof PROTOCOLS = 'binary',
  options: Partial<ServerThriftHttpOptions> = {},
): Promise<Started> {
  const seen = new Seen<string>();
  @Controller()
  class RepliesController {
    @EventPattern<string>('tell')
    tell(@Payload() { text }: { text: string }): void {
      seen.add(text);
    }
  }
  @Module({ controllers: [RepliesController] })
  class RepliesModule {}
  const server = new ServerThriftHttp({
    port: 0,
    host: '127.0.0.1',
    path: '/thrift',
    service: RepliesService,
    ...options,
  });
  const app = await ThriftFactory.createMicroservice(RepliesModule, server, { logger: false });
  closeLater(app);
  await app.listen();
  const connection = thrift.createHttpConnection('127.0.0.1', server.address!.port, {
    path: '/thrift',
    transport: thrift.TBufferedTransport,
    protocol: PROTOCOLS[protocol],
  });
  const failure = new Promise<Error>((resolve) => connection.on('error', resolve));
  return { seen, client: thrift.createHttpClient(Replies, connection) as unknown as Replies.Client, failure };
}

describe("Apache's HTTP client for Node", () => {
  it.each(Object.keys(PROTOCOLS) as (keyof typeof PROTOCOLS)[])(
    'posts calls that are handled, in %s',
    async (protocol) => {
      const { seen, client } = await start(protocol);
      for (const text of ['one', 'zwei ü', '三']) void client.tell(text);
      expect([...(await seen.until(3))].sort()).toEqual(['one', 'zwei ü', '三']);
    },
  );

  it.each(Object.keys(PROTOCOLS) as (keyof typeof PROTOCOLS)[])(
    'gets an exception for a method with a result, in %s',
    async (protocol) => {
      const { client } = await start(protocol);
      await expect(client.ask('what?')).rejects.toThrow('ask has a result, and this server handles oneway calls only');
    },
  );

  it('reports a call that is refused', async () => {
    const { client, failure } = await start('binary', { authorize: () => false });
    void client.tell('one');
    expect(String((await failure).message)).toContain('401');
  });
});
