import base from './jest.config.mjs';

/**
 * What takes longer than a test run should: see `npm run chaos`. With SOAK_MINUTES a schedule that takes as long as one likes, with
 * CHAOS_SQS=elasticmq all but what needs a script inside of SQS, and the contract of a queue.
 */
const { SOAK_MINUTES = '0', CHAOS_SQS } = process.env;
function tests() {
  if (Number(SOAK_MINUTES) > 0) return ['chaos/soak.ts'];
  if (CHAOS_SQS === 'elasticmq') return ['elasticmq/contract.ts', 'chaos/emit-network.*spec.ts', 'chaos/*.chaos.ts'];
  return ['chaos/**/*.chaos.ts'];
}
const testMatch = tests().map((name) => `<rootDir>/test/${name}`);

/** @type {import('jest').Config} */
export default { ...base, testMatch, testTimeout: Number(SOAK_MINUTES) * 60_000 + 480_000 };
