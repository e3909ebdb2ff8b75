/** Runs Jest with native ES modules, wherever it is installed. Arguments go to Jest. */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';

const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
spawn(process.execPath, [...flags, jest, ...process.argv.slice(2)], { stdio: 'inherit' }).on('exit', (code, signal) => {
  process.exitCode = code ?? (signal ? 1 : 0);
});
