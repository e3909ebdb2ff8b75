import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const page = readFileSync('docs/guarantees.md', 'utf8');
const rows = page.split('\n').filter((line) => /^\|(?! fault|---)/.test(line) && !line.startsWith('| | fault'));
const cited = rows.map((row) => {
  const [, file, name] = /\| `(test\/[^`]+)` "([^"]+)" \|$/.exec(row) ?? [];
  return [row, file, name] as const;
});

describe('docs/guarantees.md', () => {
  it('contains a table of more than 30 faults', () => {
    expect(cited.length).toBeGreaterThan(30);
  });

  it.each(cited)('names an existing test in the row: %s', (_row, file, name) => {
    expect(file).toBeDefined();
    expect(readFileSync(file!, 'utf8')).toContain(name);
  });
});
