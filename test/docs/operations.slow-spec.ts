import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ClientSqsThrift } from 'nestjs-sqs-thrift';
import { findService, loadSchemaFromText } from 'nestjs-sqs-thrift/idl';
import { type EmbeddedSqs, startEmbeddedSqs } from 'nestjs-sqs-thrift/testing';
import { lastValueFrom } from 'rxjs';
import { blocksOf, PagePrograms, pageText, until } from './page-programs.js';

const programs = new PagePrograms('build/pages-operations');
let sqs: EmbeddedSqs;

beforeAll(async () => {
  for (const page of ['docs/health.md', 'docs/observability.md']) {
    for (const [name, text] of blocksOf(pageText(page))) programs.write(name, text);
  }
  programs.generate(pageText('docs/getting-started.md'));
  programs.compile();
  sqs = await startEmbeddedSqs();
  for (const name of ['backup', 'measured', 'traced']) await sqs.createQueue(name);
}, 120_000);

afterEach(() => programs.end());
afterAll(() => sqs?.stop());

/** Starts a program, which finds its SQS by the AWS SDK's own environment. */
const start = (name: string): ReturnType<PagePrograms['start']> => programs.start(name, sqs.env);

describe('the page on health', () => {
  it('shows a worker whose port answers probes', async () => {
    const { lines } = programs.start('health-worker.js', { ...sqs.env, HEALTH_PORT: '0' });
    const [, port] = await until(lines, /^probes on port (\d+)/);
    const response = await fetch(`http://127.0.0.1:${port}/ready`);
    expect([response.status, await response.json()]).toMatchObject([200, { status: 'ok', workers: [{ state: 'up' }] }]);
  }, 30_000);

  it('shows an application whose page of Terminus answers, also in a pause', async () => {
    const [, url] = await until(start('health-web.js').lines, /^health on (\S+)/);
    for (const page of ['ready', 'live']) expect((await fetch(`${url}/health/${page}`)).status).toBe(200);
    expect(await (await fetch(`${url}/health/pause`, { method: 'POST' })).json()).toEqual([
      { queue: 'backup', status: 'paused', inHand: 0 },
    ]);
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
  }, 30_000);
});

describe('the page on traces', () => {
  it('shows a program whose handler has a trace of its own that links to the emit', async () => {
    const { lines } = start('traced.js');
    const [, order] = await until(lines, /^order in trace ([0-9a-f]{32})$/);
    const [, own, emitted] = await until(lines, /^shipped p1 in trace ([0-9a-f]{32}), which links to (\S+)$/);
    expect(emitted).toBe(order);
    expect(own).not.toBe(order);
  }, 30_000);

  it('shows a worker whose events another telemetry reads', async () => {
    const { lines } = start('own-telemetry.js');
    await until(lines, /^ready$/);
    const { region, endpoint, credentials } = sqs;
    const service = findService(loadSchemaFromText('service Parcels { oneway void ship(1: string id) }'), 'Parcels');
    const client = new ClientSqsThrift({ region, endpoint, credentials, queue: 'measured', service });
    await lastValueFrom(client.emit('ship', { id: 'p1' }));
    await until(lines, /^ship succeeded at delivery 1$/);
    await until(lines, /^acknowledge of 1 at measured$/);
    await client.close();
  }, 30_000);
});
