import base from './jest.config.mjs';

/** What takes longer than a test run should: see `npm run chaos`. */
/** @type {import('jest').Config} */
export default {
  ...base,
  testMatch: ['<rootDir>/test/chaos/**/*.chaos.ts'],
  testTimeout: 240_000,
};
