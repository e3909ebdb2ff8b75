import { afterEach } from '@jest/globals';

const started: { stop(): unknown }[] = [];
afterEach(async () => {
  for (const one of started.splice(0).reverse()) await one.stop();
});

/** Stops what a test has started after the test, the last first. */
export function later<T extends { stop(): unknown }>(one: T): T {
  started.push(one);
  return one;
}
