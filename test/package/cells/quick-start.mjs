/** The quick start of the README, in an empty folder, with the packed package. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { project } from '../projects.mjs';
import { run, workspace, write } from '../workspace.mjs';

/** Most commands from an empty folder to the first handled event. The time is reported, and depends on the machine. */
const MOST_COMMANDS = 6;

/** Returns the commands, the file and the output that the section shows. */
function quickStart(readme) {
  const section = /## Quick start\n([\s\S]*?)\n## /.exec(readme)[1];
  const [, shell] = /```sh\n([\s\S]*?)```/.exec(section);
  const [, name, program] = /```ts\n\/\/ file: (\S+)\n([\s\S]*?)```/.exec(section);
  const [, last, output] = /`([^`]+)` prints:\n\n```text\n([\s\S]*?)```/.exec(section);
  return { commands: [...shell.trim().split('\n'), last], name, program, output };
}

async function fromReadme({ packed }) {
  const { commands, name, program, output } = quickStart(readFileSync(join(packed.content, 'README.md'), 'utf8'));
  assert.ok(commands.length <= MOST_COMMANDS, `${commands.length} commands`);
  const folder = join(workspace, 'quick-start');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  let seconds = 0;
  let printed = '';
  for (const [at, command] of commands.entries()) {
    // The file is written before the last command.
    if (at === commands.length - 1) write(folder, { [name]: program });
    const from = performance.now();
    printed = await run('sh', ['-c', command.replace(' nestjs-sqs-thrift ', ` ${packed.tarball} `)], { cwd: folder });
    if (!command.startsWith('npm install')) seconds += (performance.now() - from) / 1000;
  }
  assert.equal(printed, output);
  return `${commands.length} commands and one file, ${seconds.toFixed(1)} s without the downloads`;
}

/** The tests that docs/testing.md shows, with Vitest. */
async function testsOfDocs({ packed }) {
  const folder = await project('nest12', packed.tarball);
  const page = readFileSync(join(packed.content, 'docs', 'testing.md'), 'utf8');
  const files = [...page.matchAll(/```ts\n\/\/ file: (\S+)\n([\s\S]*?)```/g)];
  for (const [, name, text] of files) write(folder, { [`docs/${name}`]: text.replace("'@jest/globals'", "'vitest'") });
  const [, idl] = /```thrift\n([\s\S]*?)```/.exec(
    readFileSync(join(packed.content, 'docs', 'getting-started.md'), 'utf8'),
  );
  write(folder, { 'idl/backup.thrift': idl });
  const output = await run(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', 'docs'], { cwd: folder });
  const [, passed] = /Test Files\s+(\d+) passed/.exec(output);
  assert.equal(Number(passed), files.length - 1);
  return `${passed} files of docs/testing.md pass with Vitest`;
}

export const quickStarts = { 'quick-start': fromReadme, 'docs-vitest': testsOfDocs };
