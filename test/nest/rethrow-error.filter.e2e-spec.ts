import { Controller, Get, ImATeapotException, Module } from '@nestjs/common';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { afterEach, describe, expect, it } from '@jest/globals';
import { RethrowErrorFilter, ThriftFactory } from 'nestjs-sqs-thrift';
import { createMemoryQueue } from 'nestjs-sqs-thrift/testing';
import { lastValueFrom } from 'rxjs';
import { closeAll, closeLater, TestServer } from './harness.js';

afterEach(closeAll);

@Controller()
class TeaController {
  @Get('known')
  known(): void {
    throw new ImATeapotException('no coffee');
  }

  @Get('unknown')
  unknown(): void {
    throw new Error('a secret');
  }
}

@Module({ controllers: [TeaController] })
class AppModule {}

const TEAPOT = { statusCode: 418, error: "I'm a teapot", message: 'no coffee' };

describe('RethrowErrorFilter', () => {
  it('lets a hybrid application answer failed HTTP requests as without it', async () => {
    const server = new TestServer(createMemoryQueue());
    const app = closeLater(await ThriftFactory.create(AppModule, server, { logger: false, abortOnError: false }));
    app.useGlobalFilters(new RethrowErrorFilter());
    await app.startAllMicroservices();
    await app.listen(0, '127.0.0.1');
    const answers = ['known', 'unknown'].map(async (path) => {
      const response = await fetch(`${await app.getUrl()}/${path}`);
      return [response.status, await response.json()];
    });
    const hidden = { statusCode: 500, message: 'Internal server error' };
    expect(await Promise.all(answers)).toEqual([
      [418, TEAPOT],
      [500, hidden],
    ]);
  });

  it.each(['headersSent', 'sent'])('answers itself, since older releases of Nest do not (%s)', async (begun) => {
    const answers: unknown[] = [];
    const response = {
      [begun]: false,
      status: (code: number) => ({ send: (body: unknown) => answers.push(code, body) }),
      end: () => answers.push('end'),
    };
    const host = new ExecutionContextHost([{}, response]);
    const error = new ImATeapotException('no coffee');
    await expect(lastValueFrom(new RethrowErrorFilter().catch(error, host))).rejects.toBe(error);
    new RethrowErrorFilter().catch(error, new ExecutionContextHost([{}, { ...response, [begun]: true }]));
    expect(answers).toEqual([418, TEAPOT, 'end']);
  });
});
