/**
 * A worker over any carrier that is handling a message while it gets SIGTERM. Tells its parent, in order, what
 * happened. Argument: the name of the carrier.
 */
import 'reflect-metadata';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { CARRIERS } from '../carriers/every-carrier/carriers.js';
import { RunningApp } from '../carriers/every-carrier/running-app.js';

const HANDLING_MS = 100;

const carrier = CARRIERS.find(({ name }) => name === process.argv[2])!;
const started = await carrier.start();
const { app, journal, emit } = await RunningApp.start(carrier, await started.open(), { deadLetters: true });
app.enableShutdownHooks();
journal.told = (line) => void process.send?.(line);
journal.hold = once(process, 'SIGTERM').then(() => wait(HANDLING_MS));
await emit('slow', { number: 1 });
