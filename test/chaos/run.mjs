/**
 * Runs what takes longer than a test run should. `--soak <minutes>` runs a random schedule for that long instead, and `--seed <number>`
 * repeats one. `--sqs elasticmq` installs an SQS of others and runs against it what needs no script inside of SQS. `--data-path sdk` sends
 * the requests for messages through the AWS SDK. Other arguments go to Jest.
 */
import { spawn, spawnSync } from 'node:child_process';

const args = process.argv.slice(2);
const env = { ...process.env };

/** @returns {string | undefined} the value of a flag, which is taken out of the arguments */
function take(flag, wanted, isRight) {
  const at = args.indexOf(flag);
  if (at < 0) return undefined;
  const [, value] = args.splice(at, 2);
  if (!isRight(value)) {
    console.error(`${flag} takes ${wanted}`);
    process.exit(2);
  }
  return value;
}

const isAboveZero = (value) => Number(value) > 0;
const minutes = take('--soak', 'minutes, a number above 0', isAboveZero);
const seed = take('--seed', 'a number above 0', isAboveZero);
const sqs = take(
  '--sqs',
  'elasticmq, or fake, which is the default',
  (value) => value === 'elasticmq' || value === 'fake',
);
const dataPath = take(
  '--data-path',
  'sdk, or lean, which is the default',
  (value) => value === 'sdk' || value === 'lean',
);
if (dataPath) env.NESTJS_SQS_THRIFT_DATA_PATH = dataPath;
if (sqs === 'elasticmq') {
  env.CHAOS_SQS = sqs;
  const { status } = spawnSync('bash', ['test/elasticmq/setup.sh'], { stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}
if (minutes) env.SOAK_MINUTES = minutes;
if (seed) env.CHAOS_SEED = seed;
const jest = ['test/run-jest.mjs', '--config', 'jest.chaos.config.mjs', ...args];
spawn(process.execPath, jest, { stdio: 'inherit', env }).on('exit', (code) => (process.exitCode = code ?? 1));
