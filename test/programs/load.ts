import { openSync, writeSync } from 'node:fs';
import { loadService } from 'nestjs-sqs-thrift';

/** Defines the calls that the emitter emits and the worker handles. */
export const LoadQueue = loadService('test/e2e/load.thrift', 'LoadQueue');

export interface HandleArgs {
  event: { number: bigint; emittedAt: bigint; filling: string };
}

/** A variable of the environment that the program cannot do without. */
export function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set`);
  return value;
}

/** A number from the environment. */
export function numberSetting(name: string, byDefault: number): number {
  const value = Number(process.env[name] ?? byDefault);
  if (Number.isFinite(value)) return value;
  throw new Error(`${name} is not a number: ${process.env[name]}`);
}

/** Returns which queue of SQS, and where. */
export function sqsQueue(): { queue: string; endpoint: string; service: typeof LoadQueue } {
  return { queue: setting('QUEUE'), endpoint: setting('AWS_ENDPOINT_URL_SQS'), service: LoadQueue };
}

/**
 * Opens the journal that all processes of a test share. A fact is one write to a file opened with O_APPEND: lines of several processes
 * do not mix, and what was written survives the kill of the process that wrote it.
 */
export function openJournal(): (fact: string) => void {
  const file = openSync(setting('JOURNAL'), 'a');
  return (fact) => void writeSync(file, `${fact}\n`);
}

/** The CPU time of this process so far, in ms. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return Math.round((user + system) / 1000);
}
