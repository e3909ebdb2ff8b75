import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type EmbeddedSqs, startEmbeddedSqs } from 'nestjs-sqs-thrift/testing';
import type { Template } from '../../../../lib/tools/cli/infra/cloudformation.js';
import { reportOf } from '../doctor-report.js';
import { CommandLine } from '../harness.js';
import { applyTemplate } from './apply-template.js';

const folder = mkdtempSync(join(tmpdir(), 'infra-doctor-'));
const IDL = join(folder, 'open.thrift');
writeFileSync(IDL, 'service Open { oneway void note(1: string text) }');

let sqs: EmbeddedSqs;
let line: CommandLine;
beforeAll(async () => {
  sqs = await startEmbeddedSqs();
  line = CommandLine.against(sqs);
});
afterAll(() => sqs.stop());

function write(name: string, options: object): string {
  const file = join(folder, `${name}.json`);
  writeFileSync(file, JSON.stringify({ queue: name, ...options }));
  return file;
}

async function findingsOf(name: string, file: string) {
  const ended = await line.run([
    ...['doctor', '--queue', name, '--idl', IDL, '--options', file, '--sample', '0', '--json'],
  ]);
  const findings = reportOf(ended).findings.filter(({ check }) => ['plan', 'rights'].includes(check));
  return findings.map(({ status, text }) => `${status}: ${text}`);
}

describe('doctor with options of infra', () => {
  it('finds the queues as infra writes them, and tries S3, SNS and the dead-letter queue', async () => {
    await sqs.createBucket('doctor-bodies');
    const topic = await sqs.createTopic('doctor-news');
    const largePayloads = { bucket: 'doctor-bodies' };
    const file = write('checked', { topic, largePayloads, poisonPolicy: 'dead-letter', pack: true });
    const { stdout } = await line.run(['infra', '--format', 'cloudformation', '--idl', IDL, '--options', file]);
    await applyTemplate(sqs, JSON.parse(stdout) as Template);
    expect(await findingsOf('checked', file)).toEqual([
      'ok: the queue and its dead-letter queue are as infra writes them',
      'ok: sqs:SendMessage on the queue "checked-dlq"',
      'ok: s3:GetObject, s3:ListBucket on the bucket "doctor-bodies"',
      'ok: sns:Publish on the topic "doctor-news"',
      'ok: not tried, because a try has an effect: s3:PutObject, s3:DeleteObject',
    ]);
  });

  it('explains what differs, and what is missing', async () => {
    await sqs.createQueue('other', { deadLetterQueue: true, maxReceiveCount: 3 });
    const topic = 'arn:aws:sns:us-east-1:000000000000:nowhere';
    const file = write('other', { topic, largePayloads: { bucket: 'no-such-bucket' }, handlerTimeoutMs: 60_000 });
    expect(await findingsOf('other', file)).toEqual([
      'warn: VisibilityTimeout is 30, and infra writes 61',
      'warn: ReceiveMessageWaitTimeSeconds is 0, and infra writes 20',
      'warn: maxReceiveCount is 3, and infra writes 5',
      'warn: MessageRetentionPeriod of other-dlq is 345600, and infra writes 1209600',
      expect.stringMatching(/^fail: s3:GetObject, s3:ListBucket on the bucket "no-such-bucket": NoSuchBucket/),
      expect.stringMatching(/^fail: sns:Publish on the topic "nowhere": /),
      'ok: not tried, because a try has an effect: s3:PutObject, s3:DeleteObject',
    ]);
  });

  it('needs an IDL', async () => {
    const { status, stderr } = await line.run(['doctor', '--queue', 'other', '--options', write('other', {})]);
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining("needs '--idl <file>'") });
  });
});
