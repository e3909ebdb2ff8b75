import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { INFRA_OPTION_NAMES } from '../../lib/tools/cli/infra/infra-options.js';

const page = readFileSync('docs/infrastructure.md', 'utf8');
const folder = resolve('build/infra-page');
const COMMAND = `'${process.execPath}' '${resolve('dist/tools/cli/main.js')}'`;

/** Returns the blocks of a language. */
function blocks(language: string): readonly string[] {
  return [...page.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, block]) => block!);
}

const examples = blocks('console').flatMap((block) =>
  block
    .split(/^\$ /m)
    .slice(1)
    .map((example) => {
      const [command, ...output] = example.split('\n');
      return [command!, output.join('\n').trimEnd()] as const;
    }),
);

beforeAll(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync('idl', join(folder, 'idl'), { recursive: true });
  writeFileSync(join(folder, 'infra.json'), blocks('json')[0]!);
});

describe('the page on infrastructure', () => {
  it('has examples', () => {
    expect(examples.length).toBeGreaterThanOrEqual(6);
  });

  // One after the other: each finds the files of those before it.
  it.each(examples)('shows the actual output of %s', (command, output) => {
    const line = command.replaceAll('npx nestjs-sqs-thrift', COMMAND);
    const shown = execFileSync('bash', ['-c', `{ ${line}; } 2>&1`], { cwd: folder, encoding: 'utf8' });
    expect(shown.trimEnd()).toBe(output);
  });

  it('lists each option of the command', () => {
    const [, table = ''] = page.split('\n## All options\n');
    const listed = [...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name!);
    expect(listed.sort()).toEqual(Object.keys(INFRA_OPTION_NAMES).sort());
  });

  it('shows YAML that can be read', () => {
    const kinds = blocks('yaml').map((block) => (parse(block) as { kind: string }).kind);
    expect(kinds).toEqual(['HorizontalPodAutoscaler']);
  });
});
