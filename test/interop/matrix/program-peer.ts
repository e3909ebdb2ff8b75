import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import type { SqsFake } from '../../fakes/sqs/sqs-fake.js';
import type { Language } from './cells.js';
import type { Received } from './judge.js';
import type { Plan } from './plan.js';

/** One side of the matrix. */
export interface Peer {
  /** Gives what could not be sent. */
  produce(plan: Plan): Promise<readonly Received[]>;
  /** Empties the queues of the plan. */
  consume(plan: Plan): Promise<readonly Received[]>;
}

type ProgramLanguage = Exclude<Language, 'nest'>;

/** A program that hangs is ended. Milliseconds, far beyond what it takes. */
const LONGEST = 600_000;

/** Exit code of build.sh if the tools of a language are missing. */
const MISSING = 3;

const HERE = 'test/interop/matrix';

/** Builds the program of a language. Gives what is missing, or undefined when nothing is. */
export function buildProgram(language: ProgramLanguage): string | undefined {
  const { status, stderr, error } = spawnSync('bash', [join(HERE, 'build.sh'), language], { encoding: 'utf8' });
  if (status === 0) return undefined;
  if (status === MISSING) return stderr.trim().split('\n').at(-1) || 'something that its build does not name';
  throw new Error(`the program in ${language} could not be built: ${error?.message ?? stderr}`);
}

/** The plan of a program and what it writes are beside it. */
const planFile = (language: ProgramLanguage): string => resolve('build/interop', language, 'plan.json');
export const notesFile = (language: Language): string => resolve('build/interop', language, 'notes.jsonl');

/** A program on Apache's runtime of its language, over the transport of sample/05-other-languages. */
export function programPeer(language: ProgramLanguage, sqs: SqsFake): Peer {
  const run = async (verb: 'produce' | 'consume', plan: Plan): Promise<readonly Received[]> => {
    writeFileSync(planFile(language), JSON.stringify(plan));
    const { command, args, env } = PROGRAMS[language];
    const child = spawn(command, [...args(), verb, planFile(language)], {
      env: {
        ...process.env,
        AWS_ACCESS_KEY_ID: sqs.credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: sqs.credentials.secretAccessKey,
        AWS_REGION: sqs.region,
        AWS_ENDPOINT_URL_SQS: sqs.endpoint,
        ...env,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: LONGEST,
    });
    const ended = once(child, 'close');
    const complaint = await text(child.stderr);
    const [code, signal] = (await ended) as [number | null, string | null];
    if (code !== 0) throw new Error(`${language} ended with ${code ?? signal} when it had to ${verb}: ${complaint}`);
    const lines = readFileSync(plan.notes, 'utf8').split('\n');
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Received);
  };
  return { produce: (plan) => run('produce', plan), consume: (plan) => run('consume', plan) };
}

interface Program {
  readonly command: string;
  readonly args: () => readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const PYTHON_PATH = [
  'build/interop/python',
  `${HERE}/python`,
  'test/vectors/python',
  'sample/05-other-languages/python',
];

/** Starts the program of each language. */
const PROGRAMS: Readonly<Record<ProgramLanguage, Program>> = {
  python: {
    command: resolve('build/peers/python/venv/bin/python'),
    args: () => [`${HERE}/python/peer.py`],
    env: { PYTHONPATH: PYTHON_PATH.map((path) => resolve(path)).join(':'), PYTHONDONTWRITEBYTECODE: '1' },
  },
  java: {
    command: 'java',
    args: () => ['-cp', readFileSync('build/interop/java/classpath', 'utf8').trim(), 'Peer'],
  },
  go: { command: resolve('build/interop/go/bin/peer'), args: () => [] },
};
