import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { addReport, emptyReport, runSeeds, type SeedsReport } from './run-seeds.js';

export interface JobOptions {
  readonly first: number;
  /** Number of seeds to run at least. */
  readonly least: number;
  /** Time of day in ms until which further seeds start. */
  readonly endAt: number;
  /** Number of processes. */
  readonly jobs: number;
}

/** Part of the seeds that one process runs. */
export interface Job extends JobOptions {
  /** Runs the seeds `first + job`, `first + job + jobs` and so on. */
  readonly job: number;
}

/** Runs seeds in this process, or shares them among several processes. */
export async function runInJobs(options: JobOptions): Promise<SeedsReport> {
  if (options.jobs <= 1) return runJob({ ...options, job: 0 });
  const report = emptyReport();
  const jobs = Array.from({ length: options.jobs }, (_, job) => runElsewhere({ ...options, job }));
  for (const part of await Promise.all(jobs)) addReport(report, part);
  report.failures.sort((a, b) => a.seed - b.seed);
  return report;
}

export function runJob(job: Job): Promise<SeedsReport> {
  return runSeeds(seedsOf(job));
}

function* seedsOf({ first, least, endAt, jobs, job }: Job): Generator<number> {
  for (let at = job; at < least || Date.now() < endAt; at += jobs) yield first + at;
}

async function runElsewhere(job: Job): Promise<SeedsReport> {
  const child = fork(fileURLToPath(new URL('run-job.js', import.meta.url)), [], { serialization: 'advanced' });
  child.send(job);
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`a job ended with the code ${code}`);
  });
  const [report] = (await Promise.race([once(child, 'message'), failed])) as [SeedsReport];
  failed.catch(() => undefined);
  child.disconnect();
  return report;
}
