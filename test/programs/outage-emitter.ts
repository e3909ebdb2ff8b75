/**
 * Emits 2 000 calls a second to the queue `texts` at the endpoint it is given, for as many seconds,
 * and prints as JSON what became of them and what that cost the process. Arguments: endpoint,
 * seconds.
 */
import { setInterval } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { BufferFullError, ClientSqsThrift } from 'nestjs-sqs-thrift';
import { findService, loadSchemaFromText } from 'nestjs-sqs-thrift/idl';

const [endpoint, seconds] = process.argv.slice(2) as [string, string];
const PER_SECOND = 2_000;
const TICK_MS = 10;

Logger.overrideLogger(false);
const Texts = findService(loadSchemaFromText('service Texts { oneway void text(1: string text) }'), 'Texts');
const client = new ClientSqsThrift({
  queue: 'texts',
  service: Texts,
  region: 'us-east-1',
  endpoint,
  credentials: { accessKeyId: 'fake', secretAccessKey: 'fake' },
});
await client.connect();
const stub = client.getService<{ text(text: string): Promise<string> }>(Texts);
const counts = { accepted: 0, stored: 0, rejected: 0, bufferFull: 0, settledTwice: 0, unhandled: 0, slowest: 0 };
process.on('unhandledRejection', () => (counts.unhandled += 1));

const padding = 'x'.repeat(200);
function emit(): void {
  const [at, from] = [counts.accepted, performance.now()];
  counts.accepted += 1;
  let settled = false;
  const settle = (kind: 'stored' | 'rejected', error?: unknown): void => {
    if (settled) counts.settledTwice += 1;
    settled = true;
    counts[kind] += 1;
    if (error instanceof BufferFullError) counts.bufferFull += 1;
    counts.slowest = Math.max(counts.slowest, performance.now() - from);
  };
  stub.text(`${at}-${padding}`).then(
    () => settle('stored'),
    (error: unknown) => settle('rejected', error),
  );
}

// The first second warms the code up.
const until = performance.now() + Number(seconds) * 1000;
const from = performance.now();
/**
 * Holds how long the loop was held up between two ticks, in ms: the wall time over the tick, but no
 * more than the CPU time that this process used. A process that the machine lets wait uses none.
 */
const holdUps: number[] = [];
let last: { at: number; cpu: NodeJS.CpuUsage } | undefined;
let rssStart = 0;
let rssMax = 0;
for await (const _ of setInterval(TICK_MS)) {
  const now = performance.now();
  if (now > until) break;
  if (last !== undefined) {
    const { user, system } = process.cpuUsage(last.cpu);
    holdUps.push(Math.min(now - last.at - TICK_MS, (user + system) / 1000));
    last = { at: now, cpu: process.cpuUsage() };
  }
  if (rssStart === 0 && now - from > 3_000) {
    rssStart = process.memoryUsage.rss();
    last = { at: now, cpu: process.cpuUsage() };
    process.stdout.write('warm\n');
  }
  rssMax = Math.max(rssMax, process.memoryUsage.rss());
  const due = Math.floor(((now - from) / 1000) * PER_SECOND);
  while (counts.accepted < due) emit();
}
await client.close();
const mib = (bytes: number): number => Math.round(bytes / 2 ** 20);
process.stdout.write(
  `${JSON.stringify({
    ...counts,
    slowest: Math.round(counts.slowest),
    loopP99Ms: holdUps.sort((a, b) => a - b)[Math.floor(holdUps.length * 0.99)],
    rssGrowthMiB: mib(rssMax - rssStart),
  })}\n`,
);
