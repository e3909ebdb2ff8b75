import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createEventCodec } from 'nestjs-sqs-thrift/codec';
import { loadService } from 'nestjs-sqs-thrift/idl';
import { parse } from 'yaml';
import { eventOf, recordOf } from '../operations/lambda/event-records.js';
import { blocksOf, PagePrograms, pageText } from './page-programs.js';

const run = promisify(execFile);
const FOLDER = 'build/pages-lambda';
const page = pageText('docs/lambda.md');

/** Invokes a handler with an event, and prints the answer. */
const INVOKE = `
const [, , module, event] = process.argv;
const { handler } = await import(module);
const context = { getRemainingTimeInMillis: () => 30_000 };
console.log(JSON.stringify(await handler(JSON.parse(event), context)));
await handler.close();
`;

beforeAll(async () => {
  const programs = new PagePrograms(FOLDER);
  for (const [name, text] of blocksOf(page)) programs.write(name, text);
  for (const [name, text] of blocksOf(page, 'js')) programs.write(name, text);
  programs.write('invoke.mjs', INVOKE);
  programs.generate(pageText('docs/getting-started.md'));
  programs.compile();
}, 120_000);

/** Invokes a handler with a good and a broken message. Returns what it prints. */
async function invoked(
  module: string,
  eventSourceARN = 'arn:aws:sqs:eu-west-1:111122223333:backup',
  cwd = FOLDER,
): Promise<{ readonly lines: readonly string[]; readonly broken: string }> {
  const service = loadService(join(FOLDER, 'idl', 'backup.thrift'), 'BackupQueue');
  const request = { id: '1', userId: 'alice', requestedAt: 1 };
  const codec = createEventCodec([service]);
  const body = codec.encode({ method: 'startBackup', args: { request } }).toString('base64');
  const [good, broken] = [recordOf(body, { eventSourceARN }), recordOf('broken', { eventSourceARN })];
  const args = ['invoke.mjs', module, JSON.stringify(eventOf(good, broken))];
  const { stdout } = await run(process.execPath, args, { cwd });
  return { lines: stdout.trim().split('\n'), broken: broken.messageId };
}

const answerOf = (id: string): string => JSON.stringify({ batchItemFailures: [{ itemIdentifier: id }] });

describe('the page on Lambda', () => {
  it('shows a function that answers with the messages that failed', async () => {
    const { lines, broken } = await invoked('./backup-function.js');
    expect(lines).toContain('backing up the files of alice');
    expect(lines).toContain(answerOf(broken));
  }, 30_000);

  it('shows a function of two queues', async () => {
    const { lines } = await invoked('./two-queues.js', 'arn:aws:sqs:eu-west-1:111122223333:urgent-backup');
    // Its module has no handler, and its queue a redrive policy.
    const answer = lines.find((line) => line.includes('batchItemFailures'))!;
    expect(JSON.parse(answer)).toMatchObject({ batchItemFailures: [{}, {}] });
  }, 30_000);

  it('shows a bundle of a function that runs by itself', async () => {
    await run(process.execPath, ['bundle.mjs'], { cwd: FOLDER });
    // Away from every package, as in Lambda.
    const alone = mkdtempSync(join(tmpdir(), 'bundle-'));
    try {
      for (const file of ['invoke.mjs', 'bundle/backup-function.mjs'])
        copyFileSync(join(FOLDER, file), join(alone, basename(file)));
      const { lines, broken } = await invoked('./backup-function.mjs', undefined, alone);
      expect(lines).toContain('backing up the files of alice');
      expect(lines).toContain(answerOf(broken));
    } finally {
      rmSync(alone, { recursive: true });
    }
  }, 60_000);

  it('shows a template whose visibility timeout is six times the timeout of the function', () => {
    const [, yaml] = /```yaml\n([\s\S]*?)```/.exec(page)!;
    const tag = (name: string) => ({ tag: `!${name}`, resolve: (text: string) => text });
    const { Resources } = parse(yaml!, { customTags: [tag('GetAtt'), tag('Ref')] }) as {
      Resources: Record<string, { Properties: Record<string, unknown> }>;
    };
    const { Timeout, Events } = Resources.BackupFunction!.Properties as { Timeout: number; Events: unknown };
    expect(Resources.BackupQueue!.Properties.VisibilityTimeout).toBe(Timeout * 6);
    expect(JSON.stringify(Events)).toContain('ReportBatchItemFailures');
  });
});
