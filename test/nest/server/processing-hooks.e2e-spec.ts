import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Controller } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { afterEach, describe, expect, it } from '@jest/globals';
import { CHANNELS, SQS_THRIFT, type TransportEvent } from 'nestjs-sqs-thrift';
import { lastValueFrom } from 'rxjs';
import { closeAll, startWorker } from '../harness.js';

afterEach(closeAll);

@Controller()
class JobsController {
  private calls = 0;

  @EventPattern<string>('run')
  run(): void {
    this.calls += 1;
    if (this.calls === 1) throw new Error('broken');
  }
}

describe('observability', () => {
  it('runs the processing hooks once per delivery, the end hook in the context of the start hook', async () => {
    const storage = new AsyncLocalStorage<string>();
    const seen: string[] = [];
    const { server, client } = await startWorker({ controllers: [JobsController] });
    server.setOnProcessingStartHook((id, _context, done) => {
      seen.push(`start ${String(id === SQS_THRIFT)}`);
      void storage.run('span', done);
    });
    server.setOnProcessingEndHook(() => seen.push(`end ${storage.getStore()}`));
    await lastValueFrom(client.emit('run', { job: { id: 1 } }));
    await server.untilSettled(2);
    expect(seen).toEqual(['start true', 'end span', 'start true', 'end span']);
    expect(server.settled.map((event) => event.outcome)).toEqual(['retry', 'ack']);
  });

  it('retries a delivery whose start hook throws', async () => {
    const { server, client } = await startWorker({ controllers: [JobsController] });
    let calls = 0;
    server.setOnProcessingStartHook((_id, _context, done) => {
      calls += 1;
      if (calls === 1) throw new Error('no tracer');
      void done();
    });
    await lastValueFrom(client.emit('run', { job: { id: 1 } }));
    const settled = await server.untilSettled(3);
    expect(settled.map((event) => event.outcome)).toEqual(['retry', 'retry', 'ack']);
  });

  it('keeps the outcome of a delivery whose end hook throws', async () => {
    const { server, client, log } = await startWorker({ controllers: [JobsController] });
    server.setOnProcessingEndHook(() => {
      throw new Error('no tracer');
    });
    await lastValueFrom(client.emit('run', { job: { id: 1 } }));
    const settled = await server.untilSettled(2);
    expect(settled.map((event) => event.outcome)).toEqual(['retry', 'ack']);
    expect(log.text()).toContain('the processing end hook failed: no tracer');
  });

  it('publishes each emit and each settlement on its diagnostics channel', async () => {
    const events: TransportEvent[] = [];
    const note = (event: unknown): void => void events.push(event as TransportEvent);
    const types = ['stored', 'emit-failed', 'settled'] as const;
    for (const type of types) subscribe(CHANNELS[type], note);
    try {
      const { server, client } = await startWorker({ controllers: [JobsController] });
      const id = await lastValueFrom(client.emit<string>('run', { job: { id: 1 } }));
      await lastValueFrom(client.emit('run', { job: {} })).catch(() => undefined);
      await server.untilSettled(2);
      expect(events.map(({ type }) => type).sort()).toEqual(['emit-failed', 'settled', 'settled', 'stored']);
      expect(events.find((event) => event.type === 'stored')).toMatchObject({
        queue: 'memory',
        method: 'run',
        messageId: id,
      });
    } finally {
      for (const type of types) unsubscribe(CHANNELS[type], note);
    }
  });

  it('keeps the outcome of a delivery when a listener or the logger throws', async () => {
    const { server, client, log } = await startWorker({ controllers: [JobsController] });
    server.on('settled', () => {
      throw new Error('bad metric');
    });
    log.lines.push = () => {
      throw new Error('disk full');
    };
    await lastValueFrom(client.emit('run', { job: { id: 1 } }));
    const settled = await server.untilSettled(2);
    expect(settled.map((event) => event.outcome)).toEqual(['retry', 'ack']);
  });

  it('never logs the content of a message', async () => {
    const secret = 'a-secret-that-must-not-be-logged';
    const { server, client, queue, log } = await startWorker({
      controllers: [JobsController],
      options: { poisonPolicy: 'drop' },
    });
    await lastValueFrom(client.emit('run', { job: { id: 1, note: secret } }));
    const [body] = queue.messages().map((message) => message.body);
    await queue.send([{ body: `${Buffer.from(secret).toString('base64')}` }, { body: secret }]);
    await server.untilSettled(4);
    expect(log.text()).toMatch(/rejected, (unknown-protocol|not-base64)/);
    expect(log.text()).not.toContain(secret);
    expect(log.text()).not.toContain(body ?? 'no body');
  });
});
