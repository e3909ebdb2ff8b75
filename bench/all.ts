import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** The benchmarks in the order in which they run. */
const BENCHES = [
  'codec',
  'handler-call',
  'emit',
  'handle',
  'telemetry',
  'end-to-end',
  'scale',
  'idle',
  'start',
  'lambda',
  'carriers',
  'hostile',
];

/** Runs one benchmark in its own process. Returns its standard output. */
async function run(name: string, args: readonly string[], isJson: boolean): Promise<string> {
  const path = fileURLToPath(new URL(`./${name}.js`, import.meta.url));
  const child = spawn(process.execPath, [path, ...args], { stdio: ['ignore', isJson ? 'pipe' : 'inherit', 'inherit'] });
  const closed = once(child, 'close') as Promise<[number | null]>;
  const output = child.stdout === null ? '' : await text(child.stdout);
  const [code] = await closed;
  if (code !== 0) throw new Error(`bench:${name} ended with ${code}`);
  return output;
}

/**
 * Runs all benchmarks one after the other, with the arguments of this program. `--json` prints the
 * figures of all of them in one list.
 */
const args = process.argv.slice(2);
if (args.some((arg) => arg.startsWith('--only')))
  throw new TypeError('--only belongs to one benchmark: npm run bench:emit -- --only …');
const isJson = args.includes('--json');
const from = performance.now();
const entries: unknown[] = [];
for (const name of BENCHES) {
  const output = await run(name, args, isJson);
  if (isJson) entries.push(...(JSON.parse(output) as unknown[]));
  else console.log();
}
if (isJson) console.log(JSON.stringify(entries, null, 2));
console.error(`all benchmarks took ${((performance.now() - from) / 60_000).toFixed(1)} minutes`);
