/**
 * The Node environment of Jest, which switches off what a suite leaves switched on. Jest gives each suite an
 * `AsyncLocalStorage` of its own and never disables it. Up to Node 22 each enabled storage adds work to every promise of the
 * process, so that each suite would slow down all suites after it.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { TestEnvironment } from 'jest-environment-node';

const used = new Set();
const { run } = AsyncLocalStorage.prototype;
AsyncLocalStorage.prototype.run = function runAndRemember(...args) {
  used.add(this);
  return run.apply(this, args);
};

export default class SuiteEnvironment extends TestEnvironment {
  async teardown() {
    await super.teardown();
    for (const storage of used) storage.disable();
    used.clear();
  }
}
