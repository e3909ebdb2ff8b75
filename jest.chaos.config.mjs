import base from './jest.config.mjs';

/**
 * What takes longer than a test run should: see `npm run chaos`. With SOAK_MINUTES a schedule that takes as long as one likes, with
 * CHAOS_SQS=elasticmq what can be run against an SQS of others.
 */
const { SOAK_MINUTES = '0', CHAOS_SQS } = process.env;
const testMatch =
  Number(SOAK_MINUTES) > 0
    ? ['<rootDir>/test/chaos/soak.ts']
    : CHAOS_SQS === 'elasticmq'
      ? ['<rootDir>/test/elasticmq/contract.ts', '<rootDir>/test/chaos/load.chaos.ts']
      : ['<rootDir>/test/chaos/**/*.chaos.ts'];

/** @type {import('jest').Config} */
export default { ...base, testMatch, testTimeout: Number(SOAK_MINUTES) * 60_000 + 240_000 };
