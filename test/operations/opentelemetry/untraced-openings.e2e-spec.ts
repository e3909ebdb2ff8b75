import { context } from '@opentelemetry/api';
import { isTracingSuppressed } from '@opentelemetry/core';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { NestFactory } from '@nestjs/core';
import type { CustomStrategy } from '@nestjs/microservices';
import type { Queue } from 'nestjs-sqs-thrift/port';
import { createMemoryQueue } from 'nestjs-sqs-thrift/testing';
import { lastValueFrom } from 'rxjs';
import { closeAll, closeLater, TestClient, TestServer } from '../../nest/harness.js';
import { RecordedSpans } from './recorded-spans.js';

class EmptyModule {}

describe('the requests that belong to no call', () => {
  let spans: RecordedSpans;
  let seen: [request: string, isSuppressed: boolean][];
  beforeEach(() => {
    spans = new RecordedSpans();
    seen = [];
  });
  afterEach(async () => {
    await closeAll();
    await spans.shutdown();
  });

  function note(request: string): void {
    seen.push([request, isTracingSuppressed(context.active())]);
  }

  /** Notes the openings and checks of a queue. */
  function noted(name: string): () => Promise<Queue> {
    const queue = Object.assign(createMemoryQueue({ name }), { check: async () => note(`check ${name}`) });
    return async () => {
      note(`open ${name}`);
      return queue;
    };
  }

  it('run without spans when a client opens its queue for the first call, and asks the queue', async () => {
    const client = closeLater(new TestClient(noted('jobs')));
    await spans.inSpan('request', () => lastValueFrom(client.emit('ping', {})));
    await spans.inSpan('probe', () => client.check());
    expect(seen).toEqual([
      ['open jobs', true],
      ['check jobs', true],
    ]);
  });

  it('run without spans when a worker opens its queues', async () => {
    class Server extends TestServer {
      protected override openQueue = noted('jobs');
      protected override openDeadLetterQueue = noted('dead');
    }
    const queue = createMemoryQueue();
    const strategy = new Server(queue, { poisonPolicy: 'dead-letter' });
    const options = { strategy, logger: false } as const;
    const app = closeLater(await NestFactory.createMicroservice<CustomStrategy>(EmptyModule, options));
    await spans.inSpan('bootstrap', () => app.listen());
    expect(seen).toEqual([
      ['open jobs', true],
      ['open dead', true],
    ]);
  });

  it('run in the context of the program without an instrumentation', async () => {
    await spans.shutdown();
    const client = closeLater(new TestClient(noted('jobs')));
    await client.connect();
    expect(seen).toEqual([['open jobs', false]]);
  });
});
