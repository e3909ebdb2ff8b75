/**
 * Runs Jest with native ES modules, wherever it is installed. `--lane unit,e2e` runs the tests of these lanes instead of all: see
 * jest.config.mjs. `--data-path sdk` makes queues of SQS use the data path of the AWS SDK. Other
 * arguments go to Jest.
 */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';

const args = process.argv.slice(2);
const at = args.indexOf('--lane');
if (at >= 0) process.env.LANE = args.splice(at, 2)[1] ?? '';
const path = args.indexOf('--data-path');
if (path >= 0) process.env.NESTJS_SQS_THRIFT_DATA_PATH = args.splice(path, 2)[1] ?? '';

const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
spawn(process.execPath, [...flags, jest, ...args], { stdio: 'inherit' }).on('exit', (code, signal) => {
  process.exitCode = code ?? (signal ? 1 : 0);
});
