import { describe, it } from '@jest/globals';
import { whatIsMissing } from './python-peer.js';

/** `describe` where Python programs can run: without them it is skipped, and on CI an error. */
export function describePython(title: string, tests: () => void): void {
  const missing = whatIsMissing();
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
