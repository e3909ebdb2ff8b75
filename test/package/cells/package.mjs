/** The package by itself: its files, its entries in both module systems, its command, and tools that check packages. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { contents } from '../pack.mjs';
import { command, project } from '../projects.mjs';
import { nodeOf, run, write } from '../workspace.mjs';

const QUIET = '--disable-warning=ExperimentalWarning';
const SUBPATHS = [
  '',
  '/codec',
  '/health',
  '/http',
  '/idl',
  '/lambda',
  '/opentelemetry',
  '/port',
  '/prometheus',
  '/socket',
  '/starling',
  '/terminus',
  '/testing',
];

/** Optional peers that a subpath loads at once. */
const PEERS = {
  '/opentelemetry': '@opentelemetry/api',
  '/prometheus': 'prom-client',
  '/terminus': '@nestjs/terminus',
};

const LOAD = `
const shown = {};
for (const subpath of ${JSON.stringify(SUBPATHS)}) {
  try {
    shown[subpath] = Object.keys(await load('nestjs-sqs-thrift' + subpath)).sort();
  } catch (error) {
    shown[subpath] = /^Cannot find (?:package|module) '(.+?)'/.exec(error.message)?.slice(1) ?? [String(error)];
  }
}
console.log(JSON.stringify(shown));
`;

/**
 * Loads every subpath by `import` and by `require`. Both give the same names. Without its peer, a
 * subpath gives an error that names the peer.
 */
async function loadsIn(folder, node = process.execPath) {
  write(folder, {
    'load.mjs': `import 'reflect-metadata';\nconst load = (name) => import(name);\n${LOAD}`,
    'load.cjs': `require('reflect-metadata');\nconst load = require;\n(async () => {${LOAD}})();`,
  });
  const imported = JSON.parse(await run(node, [QUIET, 'load.mjs'], { cwd: folder }));
  const required = JSON.parse(await run(node, [QUIET, 'load.cjs'], { cwd: folder }));
  for (const names of Object.values(required))
    if (names.includes('__esModule')) names.splice(names.indexOf('__esModule'), 1);
  assert.deepEqual(required, imported);
  for (const [subpath, peer] of Object.entries(PEERS)) {
    const isThere = existsSync(join(folder, 'node_modules', peer));
    assert.equal(imported[subpath].includes(peer), !isThere, `.${subpath}: ${imported[subpath].join(', ')}`);
  }
  return Object.entries(imported).map(([subpath, names]) => `.${subpath} ${names.length}`);
}

async function loads({ packed }) {
  const shown = await loadsIn(await project('peers', packed.tarball));
  await loadsIn(await project('plain', packed.tarball));
  return `${shown.join(', ')}; errors name the missing peers`;
}

/** Packages that no subpath needs: servers of `thrift`, optional peers, the command line. */
const UNUSED = ['ws', 'q', 'uuid', 'isomorphic-ws', 'browser-or-node', 'fauxqs', 'keyv', 'commander'];

/** Packages that load with the first queue of SQS. */
const LATE = /^@aws|^@smithy|^undici$/;

/** Packages that a subpath must not load. */
const FORBIDDEN = { '/codec': /^@nestjs|^rxjs/, '/idl': /./, '/port': /^@nestjs|^rxjs|^thrift$/ };

/** Subpaths that may load a package. The client of Prometheus brings the API of OpenTelemetry. */
const USERS = {
  '@opentelemetry/api': ['/opentelemetry', '/prometheus'],
  'prom-client': ['/prometheus'],
  '@nestjs/terminus': ['/terminus'],
};

/**
 * Loads nothing of the servers of `thrift` and of the AWS SDK, no Nest where it is not needed, and
 * optional peers only with the subpath that is made for them.
 */
async function frugal({ packed }) {
  const folder = await project('peers-nest11', packed.tarball);
  const script = (subpath) => `
    require('reflect-metadata');
    require('nestjs-sqs-thrift${subpath}');
    const packages = Object.keys(require.cache).map((path) => /.*node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(path)?.[1]);
    console.log(JSON.stringify([...new Set(packages)]));`;
  const loaded = async (subpath) => JSON.parse(await run(process.execPath, ['-e', script(subpath)], { cwd: folder }));
  const shown = [];
  for (const subpath of SUBPATHS.filter((name) => name !== '/testing')) {
    const packages = (await loaded(subpath)).filter(
      (name) => name !== 'nestjs-sqs-thrift' && name !== 'reflect-metadata',
    );
    const isWrong = (name) =>
      UNUSED.includes(name) ||
      LATE.test(name) ||
      FORBIDDEN[subpath]?.test(name) ||
      USERS[name]?.includes(subpath) === false;
    const wrong = packages.filter(isWrong);
    const peer = PEERS[subpath];
    assert.ok(peer === undefined || packages.includes(peer), `nestjs-sqs-thrift${subpath} loads ${peer}`);
    assert.deepEqual(wrong, [], `packages that nestjs-sqs-thrift${subpath} loads`);
    shown.push(`.${subpath} ${packages.length}`);
  }
  return `packages that each loads: ${shown.join(', ')}`;
}

/** Compiles the generated module to CommonJS, and uses it with the copies of both module systems. */
async function identityIn(folder, node = process.execPath) {
  write(folder, {
    'tsconfig.identity.json': {
      compilerOptions: {
        module: 'nodenext',
        target: 'es2022',
        types: [],
        skipLibCheck: true,
        rootDir: 'cjs/generated',
        outDir: 'generated-cjs',
      },
      files: ['cjs/generated/backup.ts'],
    },
    'generated-cjs/package.json': { type: 'commonjs' },
  });
  await run(process.execPath, [join(folder, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.identity.json'], {
    cwd: folder,
  });
  await run(node, [QUIET, '--disallow-code-generation-from-strings', 'identity.mjs'], { cwd: folder });
}

const identity = (home) =>
  async function oneIdentity({ packed }) {
    await identityIn(await project(home, packed.tarball));
    return 'errors, tokens and generated codecs of both copies in one process';
  };

async function runsCommand({ packed }) {
  const version = await command(await project('plain', packed.tarball), ['--version']);
  return version.trim();
}

/** Says which package is missing, in both module systems. */
async function missingPeers({ packed }) {
  const folder = await project('plain', packed.tarball);
  const script = `
    const texts = [];
    const note = (error) => texts.push(error.message);
    const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
    await port.openSnsTopic({ topic: 'arn:aws:sns:us-east-1:000000000000:t', credentials }).catch(note);
    await testing.startEmbeddedSqs().catch(note);
    console.log(JSON.stringify(texts.map((text) => /Install it: (.*)/.exec(text)?.[1] ?? text)));`;
  write(folder, {
    'missing.mjs': `import 'reflect-metadata';\nimport * as port from 'nestjs-sqs-thrift/port';\nimport * as testing from 'nestjs-sqs-thrift/testing';\n${script}`,
    'missing.cjs': `require('reflect-metadata');\nconst port = require('nestjs-sqs-thrift/port');\nconst testing = require('nestjs-sqs-thrift/testing');\n(async () => {${script}})();`,
  });
  for (const file of ['missing.mjs', 'missing.cjs']) {
    const advice = JSON.parse(await run(process.execPath, [QUIET, file], { cwd: folder }));
    assert.deepEqual(advice, ['npm install @aws-sdk/client-sns', 'npm install --save-dev fauxqs'], file);
  }
  return 'the error names the package and the command that installs it';
}

async function publint({ packed }) {
  const folder = await project('tools', packed.tarball);
  await run(process.execPath, [join(folder, 'node_modules/.bin/publint'), 'run', packed.tarball, '--strict'], {
    cwd: folder,
  });
  return 'no message of any level';
}

async function areTheTypesWrong({ packed }) {
  const folder = await project('tools', packed.tarball);
  await run(process.execPath, [join(folder, 'node_modules/.bin/attw'), packed.tarball, '--no-emoji'], { cwd: folder });
  return 'no problem in any mode of resolution';
}

/** Everything that depends on the Node that runs it. */
const onNode = (major, home) =>
  async function onThatNode({ packed }) {
    const node = await nodeOf(major);
    const folder = await project(home, packed.tarball);
    await loadsIn(folder, node);
    await identityIn(folder, node);
    await command(folder, ['--version'], node);
    return `${(await run(node, ['--version'], { cwd: folder })).trim()}: every subpath, one identity, the command`;
  };

export const alone = {
  contents,
  loads,
  frugal,
  identity: identity('plain'),
  'identity-nest11': identity('plain-nest11'),
  command: runsCommand,
  'missing-peers': missingPeers,
  publint,
  attw: areTheTypesWrong,
};

export const nodes = Object.fromEntries(
  [20, 22, 24, 26].flatMap((major) => [
    [`node${major}`, onNode(major, 'plain')],
    [`node${major}-nest11`, onNode(major, 'plain-nest11')],
  ]),
);
