import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** The benchmarks in the order in which they run. */
const BENCHES = ['codec', 'emit', 'handle', 'end-to-end', 'scale', 'idle', 'start', 'carriers'];

/** Runs one benchmark in its own process. Returns its standard output. */
async function run(name: string, args: readonly string[], isJson: boolean): Promise<string> {
  const path = fileURLToPath(new URL(`./${name}.js`, import.meta.url));
  const child = spawn(process.execPath, [path, ...args], { stdio: ['ignore', isJson ? 'pipe' : 'inherit', 'inherit'] });
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`bench:${name} ended with ${code}`);
  return output;
}

/**
 * Runs all benchmarks one after the other, with the arguments of this program. `--json` prints the
 * figures of all of them in one list.
 */
const args = process.argv.slice(2);
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
