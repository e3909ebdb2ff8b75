/**
 * Runs commands of the built command line for command-host.ts, one after another, each as in a process of its own: with its
 * arguments, input, environment and folder. Answers once a process of its own could end, too: when the command holds no socket,
 * timer or file.
 */
import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { run } from '../../../dist/tools/cli/run.js';

/** Bounds the time between the end of a command and the release of what it holds. */
const RELEASE_MS = 5000;

/** Keeps what is written to a stream from it. Returns a function that ends this and returns the text. */
function capture(stream) {
  const chunks = [];
  stream.write = (chunk, ...rest) => {
    chunks.push(Buffer.from(chunk));
    const done = rest.find((argument) => typeof argument === 'function');
    if (done !== undefined) process.nextTick(done);
    return true;
  };
  return () => {
    delete stream.write;
    return Buffer.concat(chunks).toString();
  };
}

function setEnvironment(env) {
  for (const name of Object.keys(process.env)) if (!Object.hasOwn(env, name)) delete process.env[name];
  Object.assign(process.env, env);
}

/** Lists what keeps this process alive beyond the given list. */
function heldBeyond(before) {
  const held = process.getActiveResourcesInfo();
  for (const resource of before) {
    const at = held.indexOf(resource);
    if (at >= 0) held.splice(at, 1);
  }
  return held;
}

async function released(before) {
  const deadline = performance.now() + RELEASE_MS;
  while (heldBeyond(before).length > 0) {
    if (performance.now() > deadline) throw new Error(`the command ended and holds ${heldBeyond(before).join(', ')}`);
    await nextTurn();
  }
}

async function runCommand({ args, input, env, folder }) {
  setEnvironment(env);
  process.chdir(folder);
  process.exitCode = undefined;
  Object.defineProperty(process, 'stdin', { value: Readable.from([input]), configurable: true });
  const [stdout, stderr] = [capture(process.stdout), capture(process.stderr)];
  const before = process.getActiveResourcesInfo();
  try {
    const code = await run(args);
    await released(before);
    return { status: code ?? process.exitCode ?? 0, stdout: stdout().trimEnd(), stderr: stderr().trimEnd() };
  } catch (error) {
    return { defect: `${error.stack}\n${stdout()}\n${stderr()}` };
  }
}

// As a process of its own prints them.
process.on('warning', (warning) => process.stderr.write(`${warning.stack}\n`));
process.on('message', async (command) => process.send(await runCommand(command)));
