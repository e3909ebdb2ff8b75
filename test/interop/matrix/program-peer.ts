import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import type { SqsFake } from '../../fakes/sqs/sqs-fake.js';
import type { Language } from './cells.js';
import type { Received } from './judge.js';
import type { Plan } from './plan.js';
import { programOf, type ProgramLanguage, type ProgramName } from './program.js';

/** One side of the matrix. */
export interface Peer {
  /** Gives what could not be sent. */
  produce(plan: Plan): Promise<readonly Received[]>;
  /** Empties the queues of the plan. */
  consume(plan: Plan): Promise<readonly Received[]>;
}

/** A program that hangs is ended. Milliseconds, far beyond what it takes. */
const LONGEST = 600_000;

/** The programs of the matrix. */
const PEER: ProgramName = { python: 'test/interop/matrix/python/peer.py', java: 'Peer', go: 'peer' };

/** The plan of a program and what it writes are beside it. */
const planFile = (language: ProgramLanguage): string => resolve('build/interop', language, 'plan.json');
export const notesFile = (language: Language): string => resolve('build/interop', language, 'notes.jsonl');

/** A program on Apache's runtime of its language, over the transport of sample/05-other-languages. */
export function programPeer(language: ProgramLanguage, sqs: SqsFake): Peer {
  const run = async (verb: 'produce' | 'consume', plan: Plan): Promise<readonly Received[]> => {
    writeFileSync(planFile(language), JSON.stringify(plan));
    const { command, args, env } = programOf(language, PEER);
    const child = spawn(command, [...args, verb, planFile(language)], {
      env: {
        ...env,
        AWS_ACCESS_KEY_ID: sqs.credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: sqs.credentials.secretAccessKey,
        AWS_REGION: sqs.region,
        AWS_ENDPOINT_URL_SQS: sqs.endpoint,
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
