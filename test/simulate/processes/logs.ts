import { Logger } from '@nestjs/common';

type Sink = (text: string) => void;

/** Takes the lines of each process, by the context of its logger. */
const sinks = new Map<string, Sink>();

function write(message: unknown, ...more: unknown[]): void {
  sinks.get(String(more.at(-1)))?.(String(message));
}

/** Sends the log of each process to its sink while a simulation runs. */
export function takeLogs(): () => void {
  Logger.overrideLogger({ log: write, warn: write, error: write });
  return () => {
    sinks.clear();
    Logger.overrideLogger(false);
  };
}

/** Names the sink of a process. */
export function logTo(process: string, sink: Sink): void {
  sinks.set(process, sink);
}

/** Gives a class the name of a process, which Nest's logger then writes with each line. */
export function named<Class extends abstract new (...args: never[]) => object>(type: Class, name: string): Class {
  return Object.defineProperty(type, 'name', { value: name });
}
