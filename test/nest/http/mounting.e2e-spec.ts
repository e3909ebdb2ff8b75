import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { ThriftFactory } from 'nestjs-sqs-thrift';
import { createEventCodec } from 'nestjs-sqs-thrift/codec';
import { ServerThriftHttp } from 'nestjs-sqs-thrift/http';
import { ask } from '../../carriers/http/requests.js';
import { closeAll, closeLater, Jobs } from '../harness.js';
import { job, jobsModule, Seen } from './harness.js';

afterEach(closeAll);

const codec = createEventCodec([Jobs]);
const body = codec.encodeBody({ method: 'run', args: job(1) }, 'bytes') as Uint8Array;

const ADAPTERS = {
  Express: () => new ExpressAdapter(),
  Fastify: () => new FastifyAdapter() as never,
};

async function listen(app: INestApplication): Promise<number> {
  closeLater(app);
  await app.startAllMicroservices();
  await app.listen(0, '127.0.0.1');
  return ((app.getHttpServer() as http.Server).address() as AddressInfo).port;
}

describe.each(Object.entries(ADAPTERS))(
  'ServerThriftHttp in the HTTP server of an application with %s',
  (_name, adapter) => {
    it.each([{}, { rawBody: true }])(
      'is mounted at its path by ThriftFactory, beside the routes of the application: %j',
      async (options) => {
        const seen = new Seen<number>();
        const server = new ServerThriftHttp({ path: '/thrift', service: Jobs });
        const app = await ThriftFactory.create(jobsModule(seen.add), server, adapter(), { logger: false, ...options });
        app.setGlobalPrefix('api');
        const port = await listen(app);
        for (const type of ['application/x-thrift', 'application/vnd.apache.thrift.json', 'application/octet-stream']) {
          expect(await ask(port, { body, headers: { 'content-type': type } })).toMatchObject({
            status: 200,
            headers: { 'content-length': '0' },
          });
        }
        expect(await seen.until(3)).toEqual([1, 1, 1]);
        const page = {
          method: 'GET',
          path: '/api/page',
          headers: { 'content-length': undefined },
          body: new Uint8Array(),
        };
        expect(await ask(port, page)).toMatchObject({ status: 200, text: 'a page' });
        expect((await ask(port, { path: '/other' })).status).toBe(404);
        expect((await ask(port, { body, headers: { 'content-type': 'application/json' } })).status).toBe(415);
        expect((await ask(port, { body: Buffer.from('AAAA') })).status).toBe(400);
        expect(
          (await ask(port, { method: 'GET', body: new Uint8Array(), headers: { 'content-length': undefined } })).status,
        ).toBe(405);
      },
    );

    it('passes requests below its path on to the application', async () => {
      const server = new ServerThriftHttp({ path: '/thrift', service: Jobs });
      const app = await ThriftFactory.create(
        jobsModule(() => undefined),
        server,
        adapter(),
        { logger: false },
      );
      const port = await listen(app);
      const reply = await ask(port, {
        path: '/thrift/below',
        body: Buffer.from('{}'),
        headers: { 'content-type': 'application/json' },
      });
      expect(reply).toMatchObject({ status: 201, text: 'a route below' });
    });

    it('is mounted by app.use without ThriftFactory', async () => {
      const seen = new Seen<number>();
      const server = new ServerThriftHttp({ path: '/thrift', service: Jobs });
      const app = await NestFactory.create(jobsModule(seen.add), adapter(), { logger: false, rawBody: true });
      app.use('/thrift', server.requestListener);
      app.connectMicroservice({ strategy: server });
      const port = await listen(app);
      expect((await ask(port, { body })).status).toBe(200);
      expect(await seen.until(1)).toEqual([1]);
    });

    it('drains when the application closes: calls that were accepted are handled, and further calls get 503', async () => {
      let release!: () => void;
      const gate = new Promise<void>((resolve) => (release = resolve));
      const seen = new Seen<number>();
      const done: number[] = [];
      const handle = async (id: number): Promise<void> => {
        seen.add(id);
        await gate;
        done.push(id);
      };
      const server = new ServerThriftHttp({ path: '/thrift', service: Jobs });
      const app = await ThriftFactory.create(jobsModule(handle), server, adapter(), { logger: false });
      const port = await listen(app);
      expect((await ask(port, { body })).status).toBe(200);
      await seen.until(1);
      const closed = app.close();
      expect(await ask(port, { body })).toMatchObject({ status: 503, headers: { connection: 'close' } });
      release();
      await closed;
      expect(done).toEqual([1]);
    });
  },
);

describe('ServerThriftHttp without a port', () => {
  it('is mounted into the application of a testing module', async () => {
    const seen = new Seen<number>();
    const server = new ServerThriftHttp({ path: '/thrift', service: Jobs });
    const module = await Test.createTestingModule({ imports: [jobsModule(seen.add)] }).compile();
    const port = await listen(await ThriftFactory.create(module, server));
    expect((await ask(port, { body })).status).toBe(200);
    expect(await seen.until(1)).toEqual([1]);
  });

  it('answers 503 while the application starts, and until its microservices are started', async () => {
    const server = new ServerThriftHttp({ path: '/thrift', service: Jobs });
    const app = await ThriftFactory.create(
      jobsModule(() => undefined),
      server,
      { logger: false },
    );
    closeLater(app);
    await app.listen(0, '127.0.0.1');
    const { port } = (app.getHttpServer() as http.Server).address() as AddressInfo;
    expect(await ask(port, { body })).toMatchObject({ status: 503, text: 'the server starts; try again\n' });
    const received = new Promise((resolve) => server.on('settled', resolve));
    await app.startAllMicroservices();
    while ((await ask(port, { body })).status !== 200);
    await received;
  });

  it('serves as a listener of a plain server of Node', async () => {
    const server = new ServerThriftHttp({ path: '/thrift', service: Jobs });
    const plain = http.createServer(server.requestListener);
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    closeLater({ close: () => plain.closeAllConnections() });
    closeLater(plain);
    const app = await ThriftFactory.createMicroservice(
      jobsModule(() => undefined),
      server,
      { logger: false },
    );
    closeLater(app);
    await app.listen();
    const { port } = plain.address() as AddressInfo;
    while ((await ask(port, { body })).status !== 200);
    expect((await ask(port, { body, path: '/' })).status).toBe(404);
  });

  it('refuses to start if nothing serves its requests, and to be mounted without a path', async () => {
    const server = new ServerThriftHttp({ path: '/thrift', service: Jobs });
    const app = await ThriftFactory.createMicroservice(
      jobsModule(() => undefined),
      server,
      { logger: false, abortOnError: false },
    );
    closeLater(app);
    await expect(app.listen()).rejects.toThrow(
      'option port is missing, and the strategy is not mounted into an HTTP server',
    );
    const pathless = new ServerThriftHttp({ service: Jobs });
    await expect(
      ThriftFactory.create(
        jobsModule(() => undefined),
        pathless,
        { logger: false, abortOnError: false },
      ),
    ).rejects.toThrow(
      "option path is missing: without a port the strategy serves a path of the application's HTTP server",
    );
  });

  it('says so if a middleware has read the body before', async () => {
    const server = new ServerThriftHttp({ path: '/thrift', service: Jobs });
    const app = await NestFactory.create(
      jobsModule(() => undefined),
      { logger: false },
    );
    app.use((request: http.IncomingMessage, _response: unknown, next: () => void) =>
      request.resume().on('end', () => setImmediate(next)),
    );
    app.use('/thrift', server.requestListener);
    app.connectMicroservice({ strategy: server });
    const port = await listen(app);
    let reply = await ask(port, { body });
    while (reply.status === 503) reply = await ask(port, { body });
    expect(reply).toMatchObject({ status: 500, text: expect.stringContaining('another middleware has read the body') });
  });
});
