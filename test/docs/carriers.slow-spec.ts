import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '../free-port.js';
import { blocksOf, PagePrograms, pageText, until } from './page-programs.js';

const page = pageText('docs/carriers.md');
const programs = new PagePrograms('build/carriers-page');

/** Applies a diff whose removed lines are each in the text once. Lines are added where the line before was removed. */
function applied(text: string, diff: string): string {
  const lines = text.split('\n');
  let at = 0;
  for (const change of diff.trimEnd().split('\n')) {
    const line = change.slice(1);
    if (change.startsWith('-')) {
      expect(lines.filter((one) => one === line)).toHaveLength(1);
      at = lines.indexOf(line);
      lines.splice(at, 1);
    } else lines.splice(at++, 0, line);
  }
  return lines.join('\n');
}

beforeAll(async () => {
  const port = await freePort();
  const shown = blocksOf(pageText('docs/getting-started.md'));
  for (const [name, diff] of blocksOf(page, 'diff')) {
    const swapped = applied(shown.get(name)!, diff);
    expect(swapped).toContain('port: 9090');
    programs.write(name, swapped.replace('port: 9090', `port: ${port}`));
  }
  // The other programs of the page are compiled alone: their servers are elsewhere.
  for (const [name, text] of blocksOf(page)) programs.write(name, text);
  programs.generate(pageText('docs/getting-started.md'));
  programs.compile();
}, 60_000);

afterAll(() => programs.end());

describe('the page on carriers', () => {
  it('changes the import and the strategy or client of a program, and no other line', () => {
    for (const diff of blocksOf(page, 'diff').values()) {
      expect(diff.match(/^-/gm)).toHaveLength(2);
      expect(diff.match(/^\+/gm)).toHaveLength(3);
    }
  });

  it('shows how the programs of the first page work together over sockets', async () => {
    const { lines: worker } = programs.start('worker.js');
    await until(worker, /Nest microservice successfully started/);
    const [, url] = await until(programs.start('web.js').lines, /^listening on (\S+)/);
    const response = await fetch(`${url}/backups`, { method: 'POST' });
    expect(response.status).toBe(202);
    expect(await response.json()).toEqual({ messageId: expect.stringMatching(/./) });
    await until(worker, /^backup of alice, delivery 1$/);
  });
});
