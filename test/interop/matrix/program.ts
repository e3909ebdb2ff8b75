import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Language } from './cells.js';

/** The languages whose side is a program on Apache's runtime. */
export type ProgramLanguage = Exclude<Language, 'nest'>;

/** Names the entry of one program in each language: a file, a class, and an executable. */
export type ProgramName = Readonly<Record<ProgramLanguage, string>>;

/** A command that starts a program. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** Exit code of build.sh if the tools of a language are missing. */
const MISSING = 3;

const HERE = 'test/interop/matrix';

const PYTHON_PATH = [
  'build/interop/python',
  `${HERE}/python`,
  'test/vectors/python',
  'sample/05-other-languages/python',
];

/** Builds the programs of a language. Returns the missing tool, or undefined if none is missing. */
export function buildPrograms(language: ProgramLanguage): string | undefined {
  const { status, stderr, error } = spawnSync('bash', [join(HERE, 'build.sh'), language], { encoding: 'utf8' });
  if (status === 0) return undefined;
  if (status === MISSING) return stderr.trim().split('\n').at(-1) || 'something that its build does not name';
  throw new Error(`the programs in ${language} could not be built: ${error?.message ?? stderr}`);
}

/** Returns the command of a program in a language. */
export function programOf(language: ProgramLanguage, name: ProgramName): Program {
  const entry = name[language];
  switch (language) {
    case 'python': {
      const path = PYTHON_PATH.map((folder) => resolve(folder)).join(':');
      const env = { ...process.env, PYTHONPATH: path, PYTHONDONTWRITEBYTECODE: '1' };
      return { command: resolve('build/peers/python/venv/bin/python'), args: [entry], env };
    }
    case 'java': {
      const classpath = readFileSync('build/interop/java/classpath', 'utf8').trim();
      return { command: 'java', args: ['-cp', classpath, entry], env: process.env };
    }
    case 'go':
      return { command: resolve('build/interop/go/bin', entry), args: [], env: process.env };
  }
}
