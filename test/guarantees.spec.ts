import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { reachedFiles } from './reached-files.js';

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

/** Starts an SQS that is reached over HTTP, in the process of the test or in another process. */
const STARTS_SQS = /\b(?:startSqsFake|startEmbeddedSqs|startElasticMq)\(|\bstart(?:<[^(]*>)?\('sqs'/;

function usesSqs(file: string): boolean {
  return reachedFiles(file).some((each) => STARTS_SQS.test(readFileSync(each, 'utf8')));
}

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Readonly<Record<string, string>> };
const words = scripts['test:sdk']!.split(' ');
const lanes = words[words.indexOf('--lane') + 1]!.split(',');
const paths = words
  .filter((word) => word.startsWith('test/') && !word.endsWith('.mjs'))
  .map((word) => new RegExp(word));
const contributing = readFileSync('CONTRIBUTING.md', 'utf8');

/** Returns the command that runs a file over the data path of the SDK. Undefined if there is none. */
function sdkCommand(file: string): string | undefined {
  if (file.endsWith('.chaos.ts')) return /npm run chaos -- --data-path sdk/.exec(contributing)?.[0];
  // A random schedule has no end of its own.
  if (file === 'test/chaos/soak.ts') return 'npm run chaos -- --soak 60 --data-path sdk';
  const [, lane = 'unit'] = /\.(?:(\w+)-)?spec\.ts$/.exec(file) ?? [undefined, 'none'];
  return lanes.includes(lane) && paths.some((path) => path.test(file)) ? 'npm run test:sdk' : undefined;
}

/** Returns a file of tests that Jest runs. A file of shared checks is run by the specs of its folder that import it. */
function runnersOf(file: string): readonly string[] {
  if (/(?:spec|chaos|soak)\.ts$/.test(file)) return [file];
  const specs = readdirSync(dirname(file)).filter((name) => name.endsWith('spec.ts'));
  return specs.map((name) => join(dirname(file), name)).filter((spec) => reachedFiles(spec).includes(file));
}

describe('both data paths', () => {
  const files = [...new Set(cited.flatMap(([, file]) => runnersOf(file!)))];

  it('run every cited test that uses SQS over HTTP, those of the SDK by npm run test:sdk and npm run chaos', () => {
    expect(words.slice(words.indexOf('--data-path')).slice(0, 2)).toEqual(['--data-path', 'sdk']);
    expect(files.filter((file) => usesSqs(file) && sdkCommand(file) === undefined)).toEqual([]);
  });

  it('are told apart from tests without SQS, and from tests that no command runs', () => {
    expect(files.filter(usesSqs).length).toBeGreaterThan(25);
    expect(usesSqs('test/e2e/ten-thousand.slow-spec.ts')).toBe(true);
    expect(usesSqs('test/consume/settler.spec.ts')).toBe(false);
    expect(files).toContain('test/carriers/every-carrier/handler-outcomes.e2e-spec.ts');
    expect(sdkCommand('test/consume/settler.spec.ts')).toBeUndefined();
    expect(sdkCommand('test/chaos/other.interop-spec.ts')).toBeUndefined();
  });
});
