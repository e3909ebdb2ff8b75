import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import type { Candidate, Values } from '../kit/bench.js';
import { QUIET } from '../kit/child.js';
import type { QueueServer } from '../queue-server/start.js';

/** Names what a fresh process loads or connects. */
export type SubjectName = 'nothing' | 'undici' | 'sdk' | 'nest' | 'package' | 'client' | 'worker';

/** Describes a process to measure. */
export interface Subject {
  readonly name: SubjectName;
  /** Data path of queues. Undefined leaves the default. */
  readonly dataPath?: 'lean' | 'sdk';
}

const PROGRAM = readFileSync(new URL('./program.js', import.meta.url));

/** Measures one fresh process, whose packages are those of a folder. */
async function measure({ name, dataPath }: Subject, folder: string, endpoint: string): Promise<Values> {
  const child = spawn(process.execPath, ['--input-type=module', '-', name, endpoint], {
    cwd: folder,
    // A variable and not an option, because older versions of the package do not know the option.
    env: { ...process.env, ...QUIET, ...(dataPath !== undefined && { NESTJS_SQS_THRIFT_DATA_PATH: dataPath }) },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(PROGRAM);
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit') as Promise<[number | null]>]);
  if (code !== 0) throw new Error(`the process "${name}" in ${folder} ended with ${code}`);
  return JSON.parse(output) as Values;
}

/** Creates a candidate whose every sample is a process of its own. */
export function freshProcess(name: string, subject: Subject, folder: string, server: QueueServer): Candidate {
  return {
    name,
    start: () =>
      Promise.resolve({
        measure: () => measure(subject, folder, server.endpoint),
        stop: () => Promise.resolve(),
      }),
  };
}
