import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ClientSqsThrift } from 'nestjs-sqs-thrift';
import { findService, loadSchemaFromText } from 'nestjs-sqs-thrift/idl';
import { type EmbeddedSqs, startEmbeddedSqs } from 'nestjs-sqs-thrift/testing';
import { lastValueFrom } from 'rxjs';
import { blocksOf, PagePrograms, pageText, until } from './page-programs.js';

const programs = new PagePrograms('build/pages-metrics');
let sqs: EmbeddedSqs;

beforeAll(async () => {
  for (const [name, text] of blocksOf(pageText('docs/metrics.md'))) programs.write(name, text);
  programs.compile();
  sqs = await startEmbeddedSqs();
  await sqs.createQueue('parcels');
}, 120_000);

afterEach(() => programs.end());
afterAll(() => sqs?.stop());

async function ship(id: string): Promise<void> {
  const service = findService(loadSchemaFromText('service Parcels { oneway void ship(1: string id) }'), 'Parcels');
  const { region, endpoint, credentials } = sqs;
  const client = new ClientSqsThrift({ region, endpoint, credentials, queue: 'parcels', service });
  await lastValueFrom(client.emit('ship', { id }));
  await client.close();
}

/** Scrapes until the settlement shows, which comes after the line of the handler. */
async function scrapeSettled(url: string): Promise<string> {
  for (;;) {
    const text = await (await fetch(url)).text();
    if (text.includes('nestjs_sqs_thrift_settled_messages_total{')) return text;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const SETTLED = 'nestjs_sqs_thrift_settled_messages_total{messaging_destination_name="parcels",outcome="ack"} 1';

describe('the page on metrics', () => {
  it('shows a worker that serves its metrics by a server of Node', async () => {
    const { lines } = programs.start('metrics-worker.js', sqs.env);
    const [, port] = await until(lines, /^metrics at port (\d+)$/);
    await ship('p1');
    await until(lines, /^shipped p1$/);
    expect(await scrapeSettled(`http://127.0.0.1:${port}/metrics`)).toContain(SETTLED);
  }, 30_000);

  it('shows an application that serves its metrics by PrometheusModule', async () => {
    const { lines } = programs.start('metrics-app.js', sqs.env);
    const [, url] = await until(lines, /^metrics at (\S+)$/);
    await ship('p2');
    await until(lines, /^shipped p2$/);
    expect(await scrapeSettled(url!.replace('[::1]', 'localhost'))).toContain(SETTLED);
  }, 30_000);
});
