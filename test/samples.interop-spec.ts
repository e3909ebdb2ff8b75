import { describe, it } from '@jest/globals';
import { expectItsOutput, TIMEOUT_MS } from './run-sample.js';

describe('the sample in other languages', () => {
  it(
    '05-other-languages prints its expected output and nothing to standard error',
    () => expectItsOutput('05-other-languages'),
    TIMEOUT_MS + 10_000,
  );
});
