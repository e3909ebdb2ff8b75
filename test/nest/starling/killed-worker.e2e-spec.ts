import { afterEach, describe, expect, it } from '@jest/globals';
import { createEventCodec } from 'nestjs-sqs-thrift/codec';
import { findService, loadSchemaFromText } from 'nestjs-sqs-thrift/idl';
import { until } from '../../carriers/starling/harness.js';
import { type Program, Programs } from '../../e2e/programs.js';
import { closeAll } from '../harness.js';
import { startStarling } from './harness.js';

const service = findService(loadSchemaFromText('service Jobs { oneway void run(1: i32 id) }'), 'Jobs');
const job = createEventCodec([service]).method('run').encode({ id: 7 });
const programs = new Programs();

afterEach(async () => {
  await programs.endAll();
  await closeAll();
});

/** Starts a worker, and collects what it tells. */
async function startWorker(port: number, handler: 'hold' | 'handle'): Promise<Program & { readonly facts: string[] }> {
  const worker = await programs.start('starling-worker', { args: [String(port), handler] });
  const facts: string[] = [];
  worker.child.on('message', (fact) => facts.push(String(fact)));
  return Object.assign(worker, { facts });
}

describe('a worker that is killed while it handles a message', () => {
  it.each(['siberite', 'kestrel'] as const)(
    'loses nothing over a %s: another worker gets the message',
    async (kind) => {
      const starling = await startStarling(kind);
      const first = await startWorker(starling.port, 'hold');
      starling.put('jobs', job);
      await until(() => first.facts.includes('begins 7'));
      expect([starling.items('jobs').length, starling.openItems('jobs')]).toEqual([0, 1]);
      first.child.kill('SIGKILL');
      await until(() => starling.items('jobs').length === 1);
      const second = await startWorker(starling.port, 'handle');
      await until(() => second.facts.includes('ends 7'));
      await until(() => starling.openItems('jobs') === 0);
      expect(starling.items('jobs')).toEqual([]);
    },
  );

  it('loses the message over a Starling', async () => {
    const starling = await startStarling('starling');
    const worker = await startWorker(starling.port, 'hold');
    starling.put('jobs', job);
    await until(() => worker.facts.includes('begins 7'));
    worker.child.kill('SIGKILL');
    await worker.exited;
    await until(() => starling.connections === 0);
    expect([starling.items('jobs'), starling.items('jobs_errors')]).toEqual([[], []]);
  });
});

describe('a worker that is stopped by SIGTERM while a handler hangs', () => {
  it.each(['starling', 'siberite', 'kestrel'] as const)('puts the message back into the queue: %s', async (kind) => {
    const starling = await startStarling(kind);
    const worker = await startWorker(starling.port, 'hold');
    starling.put('jobs', job);
    await until(() => worker.facts.includes('begins 7'));
    worker.child.kill('SIGTERM');
    await worker.exited;
    expect(starling.items('jobs')).toHaveLength(1);
  });
});
