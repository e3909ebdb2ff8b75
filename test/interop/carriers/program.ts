import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { programOf, type ProgramLanguage, type ProgramName } from '../matrix/program.js';
import type { Received } from '../matrix/judge.js';
import type { CarrierPlan } from './plan.js';

/** A running program with its clients and servers. */
export interface CarrierProgram {
  /** The port of each server, by the name of its cell. */
  readonly ports: Readonly<Record<string, number>>;
  /** Lets the program check that nothing was answered, and waits for its end. */
  end(): Promise<void>;
}

const CARRIER_PEER: ProgramName = {
  python: 'test/interop/carriers/python/carrier_peer.py',
  java: 'CarrierPeer',
  go: 'carrierpeer',
};

/** A program that hangs is ended. Milliseconds, far beyond what it takes. */
const LONGEST = 300_000;

/** Starts the program of a language. Hands on each call and each failure that it prints. */
export async function startProgram(
  language: ProgramLanguage,
  plan: CarrierPlan,
  receive: (one: Received) => void,
): Promise<CarrierProgram> {
  const file = resolve('build/interop', language, 'carriers.json');
  mkdirSync(resolve(file, '..'), { recursive: true });
  writeFileSync(file, JSON.stringify(plan));
  const { command, args, env } = programOf(language, CARRIER_PEER);
  const child = spawn(command, [...args, file], { env, stdio: 'pipe', timeout: LONGEST });
  // A program that has ended already says why below.
  child.stdin.on('error', () => undefined);
  const complaint = text(child.stderr);
  const ended = once(child, 'close').then(async ([code, signal]) => {
    if (code !== 0) throw new Error(`the program in ${language} ended with ${code ?? signal}: ${await complaint}`);
  });
  const ports = new Promise<CarrierProgram['ports']>((found, failed) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const said = JSON.parse(line) as Received | Pick<CarrierProgram, 'ports'>;
      if ('ports' in said) found(said.ports);
      else receive(said);
    });
    ended.then(() => failed(new Error(`the program in ${language} named no ports`)), failed);
  });
  return {
    ports: await ports,
    async end() {
      child.stdin.end('end\n');
      await ended;
    },
  };
}
