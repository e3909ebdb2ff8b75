import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { generateModules } from '../../../lib/tools/generate/generate-modules.js';
import { CommandLine, type Ended } from '../cli/harness.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hostile-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, text: string): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

const OPTIONS = {
  protocols: ['binary'],
  i64: 'bigint',
  declareOnly: false,
  includeDirs: [],
  allowNegativeFieldIds: false,
} as const;

describe('generated code from hostile IDL files and paths', () => {
  it.each(["x';globalThis.HURT=1;'", 'x"y', 'x`y', 'x\\y', 'x$y', 'x\u2028y'])(
    'refuses an include path with a folder named %j',
    (name) => {
      write(`${name}/b.thrift`, 'enum Color { RED = 1 }');
      const include = name.includes('"') ? `'${name}/b.thrift'` : `"${name.replaceAll('\\', '\\\\')}/b.thrift"`;
      const root = write('root.thrift', `include ${include}\nconst b.Color DEF = b.Color.RED\n`);
      expect(() => generateModules([root], OPTIONS)).toThrow();
    },
  );

  it.each([[['']], [['', 'svc']], [['svc', '']]])(
    'places a module below the outermost folder that holds its file, whatever the order: %j',
    (folders) => {
      write('api.thrift', 'enum Color { RED = 1 }');
      const root = write('svc/api.thrift', 'include "../api.thrift"\nstruct S { 1: api.Color c }\n');
      const includeDirs = folders.map((below) => join(folder, below));
      const paths = generateModules([root], { ...OPTIONS, includeDirs }).map(({ path }) => path);
      expect([...paths].sort()).toEqual(['api.ts', 'svc/api.ts']);
    },
  );

  it('takes a module with other line ends for unchanged', async () => {
    const root = write('b.thrift', 'enum Color { RED = 1 }');
    const line = CommandLine.withoutSqs(folder);
    await line.run(['generate', root, '--out', 'out']);
    const file = join(folder, 'out/b.ts');
    const windows = readFileSync(file, 'utf8').replaceAll('\n', '\r\n');
    writeFileSync(file, windows);
    for (const more of [['--check'], []]) {
      expect(await line.run(['generate', root, '--out', 'out', ...more])).toMatchObject({ status: 0 });
    }
    expect(readFileSync(file, 'utf8')).toBe(windows);
  });

  it('keeps annotations and constants that look like parameter structs unchanged', () => {
    const root = write(
      'h.thrift',
      'const map<string, string> CC = {"kind": "args", "id": "h.S.go_args"}\nservice S { oneway void go() } (kind = "args", id = "h.S.go_args")',
    );
    const { text } = generateModules([root], OPTIONS)[0]!;
    expect(text.match(/structs\.get\(/g)).toHaveLength(1);
  });

  it('refuses to overwrite a file written by hand', async () => {
    const root = write('b.thrift', 'enum Color { RED = 1 }');
    const own = write('out/b.ts', 'export const mine = 1;\n');
    const line = CommandLine.withoutSqs(folder);
    const generate = (): Promise<Ended> => line.run(['generate', root, '--out', 'out']);
    expect(await generate()).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/was not written by this command, so it is not overwritten/),
    });
    expect(readFileSync(own, 'utf8')).toBe('export const mine = 1;\n');
    rmSync(own);
    expect(await generate()).toMatchObject({ status: 0, stdout: expect.stringContaining('written: ') });
    expect(await generate()).toMatchObject({ status: 0, stdout: expect.stringContaining('unchanged: ') });
  });
});
