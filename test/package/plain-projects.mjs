/** Projects of programs without a build: with none of the optional peers, with some of them, and with OpenTelemetry. */
import { OPERATIONS } from './operations-source.mjs';
import { DECLARATIONS, EVERY_SUBPATH, IDENTITY, USE_GENERATED } from './sources.mjs';
import { INSTRUMENTED, SET_UP, toCommonJs, TRACED } from './tracing-sources.mjs';

const COMMON = { 'reflect-metadata': '^0.2.2', rxjs: '^7.8.1' };

export const nest = (version, microservices) => ({
  '@nestjs/common': version,
  '@nestjs/core': version,
  '@nestjs/microservices': microservices,
  '@nestjs/platform-express': version,
  ...COMMON,
});

/** No more than the package needs: none of the optional peers. */
export const plain = (nestVersion, microservices) => ({
  manifest: {
    type: 'module',
    dependencies: nest(nestVersion, microservices),
    devDependencies: {
      '@rspack/core': '^2.1.10',
      '@types/node': '^20.19.0',
      esbuild: '^0.28.0',
      typescript: '^6.0.2',
      typescript5: 'npm:typescript@^5.7.3',
      typescript7: 'npm:typescript@^7.0.2',
    },
  },
  files: {
    'esm/declarations.ts': DECLARATIONS,
    'esm/every-subpath.ts': EVERY_SUBPATH,
    'esm/use-generated.ts': USE_GENERATED,
    'cjs/declarations.ts': DECLARATIONS,
    'cjs/every-subpath.ts': EVERY_SUBPATH,
    'cjs/use-generated.ts': USE_GENERATED,
    'cjs/package.json': { type: 'commonjs' },
    'identity.mjs': IDENTITY,
  },
});

/** Optional peers that entries of their own load. */
export const withPeers = (nestVersion, microservices, terminus) => ({
  manifest: {
    type: 'module',
    dependencies: {
      ...nest(nestVersion, microservices),
      '@nestjs/terminus': terminus,
      '@opentelemetry/api': '^1.9.0',
      'prom-client': '^15.1.3',
    },
    devDependencies: { '@types/node': '^20.19.0', typescript: '^6.0.2', typescript5: 'npm:typescript@^5.7.3' },
  },
  files: { 'esm/operations.ts': OPERATIONS, 'cjs/operations.ts': OPERATIONS, 'cjs/package.json': { type: 'commonjs' } },
});

/**
 * The newest SDK of OpenTelemetry, which needs Node 22.15. Packages of one release belong together: the
 * SDK pins its own.
 */
export const traced = {
  manifest: {
    type: 'module',
    dependencies: {
      ...nest('^12.0.1', '^12.0.1'),
      '@opentelemetry/api': '^1.10.0',
      '@opentelemetry/instrumentation': '0.301.0',
      '@opentelemetry/instrumentation-aws-sdk': '^0.79.0',
      '@opentelemetry/sdk-metrics': '3.1.0',
      '@opentelemetry/sdk-node': '0.301.0',
      '@opentelemetry/sdk-trace': '3.1.0',
    },
    devDependencies: { '@types/node': '^24.0.0', fauxqs: '^1.9.0', typescript: '^6.0.2' },
  },
  files: {
    'tracing.mjs': SET_UP,
    'traced.mjs': TRACED,
    'tracing.cjs': toCommonJs(SET_UP),
    'traced.cjs': toCommonJs(TRACED),
    'instrumented.mts': INSTRUMENTED,
    'instrumented.cts': INSTRUMENTED,
    'tsconfig.json': {
      compilerOptions: {
        module: 'nodenext',
        target: 'es2023',
        strict: true,
        exactOptionalPropertyTypes: true,
        types: ['node'],
        noEmit: true,
      },
      files: ['instrumented.mts', 'instrumented.cts'],
    },
  },
};
