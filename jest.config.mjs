// Said once a process by the AWS SDK on Node 20; the output of a test run is for its results.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

/** What a test file needs, by the end of its name; with the environment variable LANE only these, such as `unit,e2e`. */
const LANES = {
  // No server, no process, fast; no build.
  unit: 'spec',
  // An SQS, a Nest application, processes, or bytes and code of other runtimes; all within Node.
  e2e: 'e2e-spec',
  // The same, and long: many runs, many messages, many processes.
  slow: 'slow-spec',
  // Python, Java, Go or another server.
  interop: 'interop-spec',
};

const lanes = process.env.LANE?.split(',') ?? Object.keys(LANES);
const unknown = lanes.filter((lane) => !Object.hasOwn(LANES, lane));
if (unknown.length > 0) throw new Error(`no lane "${unknown.join(',')}", only ${Object.keys(LANES).join(', ')}`);

/** Seconds that a run of these lanes may take on two idle cores, without the build. A longer run names its slowest suites. */
const BUDGETS = { unit: 25, 'unit,e2e': 160 };
const budgetSeconds = BUDGETS[lanes.join()];

/** @type {import('jest').Config} */
export default {
  reporters: ['default', ...(budgetSeconds ? [['<rootDir>/test/slowest-suites.mjs', { budgetSeconds }]] : [])],
  roots: ['<rootDir>/test', '<rootDir>/lib', '<rootDir>/sample', '<rootDir>/bench'],
  testMatch: lanes.map((lane) => `<rootDir>/test/**/*.${LANES[lane]}.ts`),
  cacheDirectory: '<rootDir>/build/jest-cache',
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/nest11/node_modules/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/build/', '<rootDir>/bench/rivals/'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    '^#lib/(.*)\\.js$': '<rootDir>/lib/$1',
    '^nestjs-sqs-thrift$': '<rootDir>/lib/index.ts',
    '^nestjs-sqs-thrift/codec$': '<rootDir>/lib/codec.ts',
    '^nestjs-sqs-thrift/health$': '<rootDir>/lib/health.ts',
    '^nestjs-sqs-thrift/http$': '<rootDir>/lib/http.ts',
    '^nestjs-sqs-thrift/idl$': '<rootDir>/lib/idl.ts',
    '^nestjs-sqs-thrift/lambda$': '<rootDir>/lib/lambda.ts',
    '^nestjs-sqs-thrift/opentelemetry$': '<rootDir>/lib/opentelemetry.ts',
    '^nestjs-sqs-thrift/port$': '<rootDir>/lib/port.ts',
    '^nestjs-sqs-thrift/prometheus$': '<rootDir>/lib/prometheus.ts',
    '^nestjs-sqs-thrift/socket$': '<rootDir>/lib/socket.ts',
    '^nestjs-sqs-thrift/starling$': '<rootDir>/lib/starling.ts',
    '^nestjs-sqs-thrift/terminus$': '<rootDir>/lib/terminus.ts',
    '^nestjs-sqs-thrift/testing$': '<rootDir>/lib/testing.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          target: 'es2022',
          keepClassNames: true,
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
    // thrift requires uuid, whose current versions are ES modules only; Jest on Node 20 cannot require those.
    'node_modules/uuid/.+\\.js$': ['@swc/jest', { module: { type: 'commonjs' } }],
  },
  transformIgnorePatterns: ['node_modules/(?!uuid/)'],
  // Every test file imports what it uses from @jest/globals.
  injectGlobals: false,
  testEnvironment: '<rootDir>/test/jest-environment.mjs',
  maxWorkers: 2,
  // For machines under load. What must be soon says so in the test itself.
  testTimeout: lanes.includes('slow') ? 120_000 : 30_000,
  testEnvironmentOptions: { globalsCleanup: 'off' },
};
