import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const page = readFileSync('docs/guarantees.md', 'utf8');
const rows = page.split('\n').filter((line) => /^\|(?! fault|---)/.test(line) && !line.startsWith('| | fault'));
const cited = rows.map((row) => {
  const [, file, name] = /\| `(test\/[^`]+)` "([^"]+)" \|$/.exec(row) ?? [];
  return [row, file, name] as const;
});

describe('the page on what happens when something fails', () => {
  it('has a table', () => {
    expect(cited.length).toBeGreaterThan(30);
  });

  it.each(cited)('names a test that is there: %s', (_row, file, name) => {
    expect(file).toBeDefined();
    expect(readFileSync(file!, 'utf8')).toContain(name);
  });
});
