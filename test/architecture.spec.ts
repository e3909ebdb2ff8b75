import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from '@jest/globals';

/** Which folders of lib each folder may import. */
const ARROWS: Record<string, readonly string[]> = {
  common: [],
  idl: [],
  thrift: ['idl'],
  queue: [],
  diagnostics: ['queue'],
  idempotency: ['queue'],
  event: ['idl', 'thrift', 'queue'],
  publish: ['event', 'queue', 'diagnostics'],
  consume: ['event', 'queue', 'diagnostics', 'idempotency'],
  'carriers/sqs': ['queue'],
  'carriers/memory': ['queue'],
  'carriers/inbox': ['queue'],
  'carriers/http': ['queue', 'event', 'thrift', 'carriers/inbox'],
  'carriers/socket': ['queue', 'thrift', 'carriers/inbox'],
  'carriers/starling': ['queue'],
  nest: [
    'idl',
    'thrift',
    'queue',
    'diagnostics',
    'event',
    'publish',
    'consume',
    'carriers/sqs',
    'carriers/memory',
    'carriers/http',
    'carriers/inbox',
    'carriers/socket',
    'carriers/starling',
  ],
  apache: ['thrift', 'queue', 'diagnostics', 'event', 'publish', 'carriers/sqs'],
  testing: ['queue', 'carriers/memory', 'nest'],
  'operations/metrics': ['diagnostics', 'queue'],
  'operations/opentelemetry': ['operations/metrics', 'diagnostics', 'queue'],
  'operations/prometheus': ['operations/metrics', 'diagnostics'],
  'operations/health': ['diagnostics', 'queue', 'nest'],
  'operations/lambda': ['queue', 'consume', 'diagnostics', 'event', 'carriers/sqs', 'nest'],
  'operations/terminus': ['operations/health', 'diagnostics', 'nest'],
  'tools/generate': ['idl', 'thrift'],
  'tools/compat': ['idl'],
  'tools/cli': [
    'idl',
    'thrift',
    'queue',
    'event',
    'publish',
    'consume',
    'carriers/sqs',
    'testing',
    'tools/generate',
    'tools/compat',
  ],
};

/** The folder that every folder may import. */
const LOWEST = 'common';

/** Arrows that carry types only, so nothing of the target runs. */
const TYPES_ONLY = new Set(['thrift>idl', 'event>idl', 'nest>idl', 'consume>idempotency', 'diagnostics>queue']);

/** Packages that only these folders may import. */
const PACKAGES: Record<string, readonly string[]> = {
  '@aws-sdk/': ['carriers/sqs', 'nest'],
  '@nestjs/': ['nest', 'operations/health', 'operations/lambda', 'operations/terminus'],
  '@opentelemetry/': ['operations/opentelemetry'],
  'prom-client': ['operations/prometheus'],
  rxjs: ['nest'],
  thrift: ['thrift', 'apache'],
  'node-int64': ['thrift'],
  fauxqs: ['testing'],
  commander: ['tools/cli'],
};

/** The entry points of the package. They export what the folders declare, and no file imports them. */
const ENTRIES = [
  'index',
  'codec',
  'health',
  'http',
  'idl',
  'lambda',
  'opentelemetry',
  'port',
  'prometheus',
  'socket',
  'starling',
  'terminus',
  'testing',
].map((name) => join('lib', `${name}.ts`));

const MAX_LINES = 250;

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.includes('node_modules') && !path.startsWith('generated/'))
    .map((path) => join(folder, path));
}

interface Import {
  readonly file: string;
  readonly from: string;
  readonly target: string;
  readonly typeOnly: boolean;
}

/** The folder of lib that a file is in; each carrier, operation and tool is a folder of its own. */
function folderOf(file: string): string {
  const [first, second] = relative('lib', file).split('/') as [string, string];
  return ['carriers', 'operations', 'tools'].includes(first) ? `${first}/${second}` : first;
}

const IMPORT = /(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)'|import\('([^']+)'\)/g;

function importsOf(file: string): Import[] {
  const from = folderOf(file);
  return [...readFileSync(file, 'utf8').matchAll(IMPORT)].map((match) => ({
    file,
    from,
    target: (match[2] ?? match[3])!,
    typeOnly: match[1] !== undefined,
  }));
}

/** The file that a relative import names. */
function targetOf({ file, target }: Import): string {
  return join(dirname(file), target).replace(/\.js$/, '.ts');
}

const files = filesBelow('lib');
const imports = files.filter((file) => !ENTRIES.includes(file)).flatMap(importsOf);

describe('the architecture', () => {
  it('has exactly the folders that ARCHITECTURE.md describes', () => {
    const folders = new Set(files.map(folderOf).filter((name) => !name.endsWith('.ts')));
    expect([...folders].sort()).toEqual(Object.keys(ARROWS).sort());
    const described = readFileSync('ARCHITECTURE.md', 'utf8');
    for (const folder of folders) expect(described).toContain(`\`${folder}/\``);
  });

  it('imports other folders only in the allowed direction', () => {
    const relatives = imports.filter(({ target }) => target.startsWith('.'));
    expect(relatives.length).toBeGreaterThan(100);
    const wrong = relatives.filter((entry) => {
      const folder = folderOf(targetOf(entry));
      return folder !== entry.from && folder !== LOWEST && !ARROWS[entry.from]!.includes(folder);
    });
    expect(wrong.map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
  });

  it('imports no entry point of the package', () => {
    expect(files).toEqual(expect.arrayContaining(ENTRIES));
    const wrong = imports.filter((entry) => entry.target.startsWith('.') && ENTRIES.includes(targetOf(entry)));
    expect(wrong.map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
  });

  it('imports only types along the type-only directions', () => {
    const crossing = imports.filter((entry) => {
      return (
        entry.target.startsWith('.') && TYPES_ONLY.has(`${entry.from}>${folderOf(targetOf(entry))}`) && !entry.typeOnly
      );
    });
    expect(crossing.map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
  });

  it('keeps the Nest client and the Nest server independent of each other', () => {
    const [client, server] = [join('lib', 'nest', 'client'), join('lib', 'nest', 'server')];
    const relatives = imports.filter(({ target }) => target.startsWith('.'));
    expect(relatives.filter(({ file }) => file.startsWith(client)).length).toBeGreaterThan(10);
    const wrong = relatives.filter((entry) => {
      const to = targetOf(entry);
      return (
        (entry.file.startsWith(client) && to.startsWith(server)) ||
        (entry.file.startsWith(server) && to.startsWith(client))
      );
    });
    expect(wrong.map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
  });

  it('has no import cycles between files', () => {
    const graph = new Map<string, string[]>();
    for (const entry of imports.filter(({ target }) => target.startsWith('.'))) {
      const to = targetOf(entry);
      graph.set(entry.file, [...(graph.get(entry.file) ?? []), to]);
    }
    const done = new Set<string>();
    const visit = (file: string, path: readonly string[]): string[] => {
      if (path.includes(file)) return [[...path.slice(path.indexOf(file)), file].join(' > ')];
      if (done.has(file)) return [];
      const cycles = (graph.get(file) ?? []).flatMap((next) => visit(next, [...path, file]));
      done.add(file);
      return cycles;
    };
    expect(files.flatMap((file) => visit(file, []))).toEqual([]);
  });

  it.each(Object.entries(PACKAGES))('imports %s only in the allowed folders', (name, folders) => {
    const wrong = imports.filter(({ target, from }) => {
      return (target === name || target.startsWith(name.endsWith('/') ? name : `${name}/`)) && !folders.includes(from);
    });
    expect(wrong.map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
  });

  it('imports only packages listed as dependencies or peerDependencies', () => {
    const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, Record<string, string>>;
    const given = new Set(Object.keys({ ...manifest['dependencies'], ...manifest['peerDependencies'] }));
    const packages = imports.map(({ target }) => target).filter((target) => !/^(\.|node:)/.test(target));
    const names = packages.map((target) =>
      target
        .split('/')
        .slice(0, target.startsWith('@') ? 2 : 1)
        .join('/'),
    );
    expect([...new Set(names)].filter((name) => !given.has(name))).toEqual([]);
    expect(names.length).toBeGreaterThan(10);
  });

  it('imports the AWS SDK outside of carriers/sqs only for its types', () => {
    const wrong = imports.filter(
      ({ target, from, typeOnly }) => target.startsWith('@aws-sdk/') && from !== 'carriers/sqs' && !typeOnly,
    );
    expect(wrong.map(({ file }) => file)).toEqual([]);
  });

  it(`has no file of more than ${MAX_LINES} lines`, () => {
    const all = [...files, ...filesBelow('sample'), ...filesBelow('test')];
    const long = all.map((file) => ({ file, lines: readFileSync(file, 'utf8').split('\n').length - 1 }));
    expect(long.filter(({ lines }) => lines > MAX_LINES)).toEqual([]);
  });
});
