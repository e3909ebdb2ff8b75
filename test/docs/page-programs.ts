import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Returns the code blocks of a page, by the file name in their first line. */
export function blocksOf(page: string, language = 'ts'): ReadonlyMap<string, string> {
  const found = page.matchAll(new RegExp(`\`\`\`${language}\\n// file: (\\S+)\\n([\\s\\S]*?)\`\`\``, 'g'));
  return new Map([...found].map(([, name, block]) => [name!, block!]));
}

/** Parts of programs leave things unused. */
const UNUSED = { noUnusedLocals: false, noUnusedParameters: false };

/** Returns the code blocks of a page that name no file. Code for other libraries is marked `typescript`. */
export function fragmentsOf(page: string): readonly string[] {
  return [...page.matchAll(/```ts\n([\s\S]*?)```/g)]
    .map(([, block]) => block!)
    .filter((block) => !block.startsWith('// file: '));
}

/** The programs of some pages, compiled in a folder of their own, and the processes that run them. */
export class PagePrograms {
  private readonly children: ChildProcess[] = [];

  constructor(private readonly folder: string) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  /** Writes the IDL of a page, and generates TypeScript of it as `nestjs-sqs-thrift generate` does. */
  generate(page: string): void {
    const [, idl] = /```thrift\n([\s\S]*?)```/.exec(page)!;
    mkdirSync(join(this.folder, 'idl'));
    this.write(join('idl', 'backup.thrift'), idl!);
    const command = join('dist', 'tools', 'cli', 'main.js');
    const folders = [join(this.folder, 'idl'), '--out', join(this.folder, 'generated')];
    execFileSync(process.execPath, [command, 'generate', ...folders]);
  }

  /** Adds what the Apache compiler makes of an IDL. */
  addApacheCode(source: string): void {
    cpSync(source, join(this.folder, 'gen-nodejs'), { recursive: true });
    this.write(join('gen-nodejs', 'package.json'), JSON.stringify({ type: 'commonjs' }));
  }

  /** @throws Error a program does not compile */
  compile(): void {
    const config = {
      extends: '../../tsconfig.programs.json',
      // Beside its output, so that the compiler knows when the output is gone.
      compilerOptions: { rootDir: '.', outDir: '.', tsBuildInfoFile: '.tsbuildinfo', ...UNUSED },
      include: ['**/*.ts'],
      exclude: [],
      references: [],
    };
    this.write('tsconfig.json', JSON.stringify(config));
    const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');
    execFileSync(process.execPath, [compiler, '-p', this.folder], { stdio: 'inherit' });
  }

  /** Starts a program, with arguments behind its name. */
  start(
    command: string,
    env: Readonly<Record<string, string>> = {},
  ): { readonly lines: AsyncIterableIterator<string>; readonly child: ChildProcess } {
    const [name, ...args] = command.split(' ');
    const child = spawn(process.execPath, [name!, ...args], {
      cwd: this.folder,
      env: { ...process.env, PORT: '0', ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.children.push(child);
    return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
  }

  /** Ends the programs that run. */
  async end(): Promise<void> {
    for (const child of this.children.splice(0).filter(({ exitCode }) => exitCode === null)) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  }
}

/** Reads lines up to the first that matches. */
export async function until(lines: AsyncIterableIterator<string>, pattern: RegExp): Promise<RegExpExecArray> {
  for (let next = await lines.next(); !next.done; next = await lines.next()) {
    const match = pattern.exec(next.value);
    if (match) return match;
  }
  throw new Error(`the program ended before it said ${String(pattern)}`);
}

export function pageText(name: string): string {
  return readFileSync(name, 'utf8');
}
