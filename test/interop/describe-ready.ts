import { describe, it } from '@jest/globals';

/** `describe` where programs of another language can run: without what is missing it is skipped, and on CI an error. */
export function describeReady(title: string, missing: string | undefined, tests: () => void): void {
  if (missing === undefined) {
    describe(title, tests);
  } else if (process.env['CI']) {
    it(`${title} can be had`, () => {
      throw new Error(missing);
    });
  } else {
    console.warn(`skipped: ${title}: ${missing}`);
    describe.skip(title, tests);
  }
}
