import { readFileSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startBody } from './bodies.js';
import { CommandLine, IN_SHELL, redrivePolicy } from './harness.js';

/** Removes the parts that differ from run to run. */
function withoutChance(text: string): string {
  return text
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'ID')
    .replaceAll(/\b\d+ s ago/g, 'SECONDS ago')
    .replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, 'ENDPOINT')
    .trimEnd();
}

const page = readFileSync('docs/command-line.md', 'utf8');
const examples = [...page.matchAll(/```console\n([\s\S]*?)```/g)].flatMap(([, block]) =>
  block!
    .split(/^\$ /m)
    .slice(1)
    .map((example) => {
      const [command, ...output] = example.split('\n');
      return [command!, output.join('\n')] as const;
    }),
);

let line: CommandLine;
beforeAll(async () => {
  // An earlier run may have written modules, which the command would keep.
  rmSync('build/generated-page', { recursive: true, force: true });
  line = await CommandLine.start();
  const dead = await line.createQueue('backup-failed');
  await line.createQueue('backup');
  const note = {
    reason: 'handler-rejected',
    detail: 'no such user',
    queue: 'backup',
    messageId: 'm',
    receiveCount: 1,
    count: 1,
  };
  await line.fill(dead, [startBody('b1')], { 'thrift-dead-letter': JSON.stringify(note) });
  await line.createQueue('reports', { RedrivePolicy: redrivePolicy(dead, 10), VisibilityTimeout: '60' });
});
afterAll(() => line.stop());

describe('docs/command-line.md', () => {
  // One after the other: each goes on from where the one before has left the queues.
  it.each(examples)('shows the actual output of %s', async (command, output) => {
    const run = command.replaceAll('npx nestjs-sqs-thrift', IN_SHELL);
    const { stdout } = await line.shell(`{ ${run}; } 2>&1`).ended;
    expect(withoutChance(stdout)).toBe(withoutChance(output));
  });

  it('contains more than four console examples', () => {
    expect(examples.length).toBeGreaterThan(4);
  });
});
