/**
 * Writes python.json, java.json and go.json anew: the calls of cases.json as Apache's own runtimes put them on the wire.
 *
 *     npm run vectors [python] [java] [go]
 *
 * Needs an Apache Thrift compiler of at least 0.20, the first that knows uuid: `thrift` on the PATH, or a path in the environment
 * variable THRIFT. A language without its tools is skipped, and that is said.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = dirname(fileURLToPath(import.meta.url));
const BUILD = resolve(HERE, '../../build/vectors');
const CASES = join(HERE, 'cases.json');
const COMPILER = process.env['THRIFT'] ?? 'thrift';

const canRun = (command, ...args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;

function run(command, args, cwd) {
  return execFileSync(command, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Copies a language's program beside code that is generated for it. */
function prepare(language, generator, generated = '.') {
  const folder = join(BUILD, language);
  rmSync(folder, { recursive: true, force: true });
  cpSync(join(HERE, language), folder, { recursive: true });
  mkdirSync(join(folder, generated), { recursive: true });
  const out = join(folder, generated);
  run(COMPILER, ['--allow-neg-keys', '--gen', generator, '-out', out, join(HERE, 'vectors.thrift')]);
  return folder;
}

/** Each language: what it needs, checked one by one, and how its program is run. */
const LANGUAGES = {
  python: {
    needs: { 'a virtual environment by test/interop/python/setup.sh': () => existsSync('build/python/bin/python') },
    write() {
      const folder = prepare('python', 'py', 'generated');
      return run(resolve('build/python/bin/python'), ['write.py', 'generated', CASES], folder);
    },
  },
  java: {
    needs: { 'a JDK': () => canRun('javac', '-version'), Maven: () => canRun('mvn', '-v') },
    write() {
      const folder = prepare('java', 'java:generated_annotations=suppress', 'src/main/java');
      const out = join(folder, 'vectors.json');
      run('mvn', ['-q', '-B', 'compile', 'exec:java', `-Dexec.args=${CASES} ${out}`], folder);
      return readFileSync(out, 'utf8');
    },
  },
  go: {
    needs: { Go: () => canRun('go', 'version') },
    write() {
      return run('go', ['run', '-mod=readonly', '.', CASES], prepare('go', 'go:package_prefix=writevectors/'));
    },
  },
};

if (!canRun(COMPILER, '--version')) {
  console.error('no Apache Thrift compiler: put "thrift" on the PATH or its path into THRIFT');
  process.exit(1);
}
const wanted = process.argv.slice(2);
for (const [language, { needs, write }] of Object.entries(LANGUAGES)) {
  if (wanted.length > 0 && !wanted.includes(language)) continue;
  const missing = Object.keys(needs).filter((need) => !needs[need]());
  if (missing.length > 0) {
    console.log(`${language}: skipped, needs ${missing.join(' and ')}`);
    continue;
  }
  const { runtime, calls, oldBinary, multiplexed } = JSON.parse(write());
  // One order in all files, whatever the language's maps do.
  const sorted = Object.fromEntries(
    Object.keys(calls)
      .sort()
      .map((name) => [name, ordered(calls[name])]),
  );
  const content = { runtime, oldBinary, multiplexed: ordered(multiplexed), calls: sorted };
  writeFileSync(join(HERE, `${language}.json`), `${JSON.stringify(content, null, 2)}\n`);
  console.log(
    `${language}: ${Object.keys(calls).length} calls in ${Object.keys(multiplexed).length} protocols by ${runtime}`,
  );
}

function ordered({ binary, compact, json }) {
  return { binary, compact, json };
}
