import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { RejectEventException } from 'nestjs-sqs-thrift';
import { ClientThriftMemory, createMemoryQueue, MemoryBroker, ServerThriftMemory } from 'nestjs-sqs-thrift/testing';
import { Registry } from 'prom-client';
import { lastValueFrom } from 'rxjs';
import { registerPrometheusMetrics } from '#lib/prometheus.js';
import { Programs } from '../../e2e/programs.js';
import { closeAll, closeLater, Jobs } from '../../nest/harness.js';
import { job, startJobs } from '../../nest/memory/harness.js';
import { linesIn } from './scrape.js';

const programs = new Programs();

afterEach(async () => {
  await closeAll();
  await programs.endAll();
});

class PaymentError extends Error {}

/** Returns the lines of calls and messages, in order. */
function eventLines(text: string): string[] {
  return linesIn(text)
    .filter((line) => /^nestjs_sqs_thrift_(?:emitted|settled|retried)_/.test(line))
    .sort();
}

const QUEUE = 'messaging_destination_name="jobs"';
const EXPECTED = [
  `nestjs_sqs_thrift_emitted_calls_total{${QUEUE},thrift_method="run",result="stored"} 3`,
  `nestjs_sqs_thrift_settled_messages_total{${QUEUE},outcome="ack"} 2`,
  `nestjs_sqs_thrift_settled_messages_total{${QUEUE},outcome="reject",reason="handler-rejected",fate="removed"} 1`,
  `nestjs_sqs_thrift_settled_messages_total{${QUEUE},outcome="retry"} 1`,
  `nestjs_sqs_thrift_retried_messages_total{${QUEUE},error_type="PaymentError"} 1`,
].sort();

describe('the metrics', () => {
  it('are served by a server of Node, of a worker and a client in memory', async () => {
    const register = new Registry();
    closeLater({ close: registerPrometheusMetrics({ register }).stop });
    const broker = new MemoryBroker();
    const about = { queue: 'jobs', service: Jobs, broker };
    const server = new ServerThriftMemory({ ...about, retry: { baseSeconds: 0 }, poisonPolicy: 'drop' });
    const client = closeLater(new ClientThriftMemory(about));
    let failures = 0;
    await startJobs(server, (id) => {
      if (id === 3) throw new RejectEventException('there is no job 3');
      if (id === 2 && (failures += 1) === 1) throw new PaymentError('try again');
    });
    for (const id of [1, 2, 3]) await lastValueFrom(client.emit('run', job(id)));
    await server.untilEmpty();
    const http = createServer((_, response) => void register.metrics().then((text) => response.end(text)));
    await once(http.listen(0, '127.0.0.1'), 'listening');
    closeLater({ close: () => http.close() });
    const response = await fetch(`http://127.0.0.1:${(http.address() as AddressInfo).port}/`);
    expect(eventLines(await response.text())).toEqual(EXPECTED);
  });

  it('are served by PrometheusModule in a hybrid application, beside those of Node', async () => {
    const { ready: url } = await programs.start<string>('metrics-app');
    const response = await fetch(`${url}/metrics`);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    const text = await response.text();
    expect(eventLines(text)).toEqual(EXPECTED);
    expect(text).toContain('process_cpu_user_seconds_total');
  });

  it('show calls that were not stored, by the code of their error', async () => {
    const register = new Registry();
    closeLater({ close: registerPrometheusMetrics({ register }).stop });
    const client = closeLater(new ClientThriftMemory({ queue: createMemoryQueue({ name: 'jobs' }), service: Jobs }));
    await expect(lastValueFrom(client.emit('run', { job: { id: 'no number' } }))).rejects.toThrow();
    const expected = /thrift_method="run",result="failed",error_type="ERR_THRIFT_WRITE"\} 1$/;
    expect(eventLines(await register.metrics())).toEqual([expect.stringMatching(expected)]);
  });
});
