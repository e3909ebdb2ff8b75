/** Packs the package, and checks that it has all files that users need, and no others. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { npm, root, run, workspace } from './workspace.mjs';

/** Packs the built package. Resolves with the tarball, its files, and the folder of its content. */
export async function pack() {
  const folder = join(workspace, 'tarball');
  const content = join(folder, 'package');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(content, { recursive: true });
  const [packed] = JSON.parse(await npm(['pack', '--json', '--silent', '--pack-destination', folder], root));
  const tarball = join(folder, packed.filename);
  await run('tar', ['xf', tarball, '-C', content, '--strip-components', '1'], { cwd: folder });
  const files = packed.files.map(({ path }) => path);
  return { tarball, files, content, size: packed.size, unpackedSize: packed.unpackedSize };
}

const KNOWN = [
  /^dist\/.+\.(js|d\.ts|js\.map)$/,
  /^dist\/cjs\/package\.json$/,
  /^docs\/([a-z-]+|README)\.md$/,
  /^docs\/(charts|badges)\/[a-z-]+\.svg$/,
  /^docs\/flow\.svg$/,
  /^docs\/grafana\/(nestjs-sqs-thrift\.json|alerts\.yaml)$/,
  /^(package\.json|LICENSE|[A-Z]+\.md)$/,
  /^idl\/[a-z-]+\.thrift$/,
  /^sample\/.+\.(md|ts|txt|html|sh|py|java|go|xml|mod|sum)$/,
  /^sample\/.+\/requirements\.txt$/,
  /^(bench\/README|test\/chaos\/emulator-deviations)\.md$/,
];

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
];
const NEEDED = [
  ...['dist', 'dist/cjs/lib'].flatMap((build) =>
    ENTRIES.flatMap((path) => [`${build}/${path}.js`, `${build}/${path}.d.ts`]),
  ),
  'dist/tools/cli/main.js',
  'dist/cjs/package.json',
  'docs/grafana/alerts.yaml',
  'docs/grafana/nestjs-sqs-thrift.json',
  'README.md',
  'LICENSE',
];

/** Packs no file without use, misses none, and leaves no link of the documentation broken and no picture unseen. */
export function contents({ packed: { files, content, size, unpackedSize } }) {
  assert.deepEqual(
    files.filter((path) => !KNOWN.some((known) => known.test(path))),
    [],
    'files that nobody needs are packed',
  );
  assert.deepEqual(
    NEEDED.filter((path) => !files.includes(path)),
    [],
    'files are not packed',
  );
  const links = files
    .filter((path) => path.endsWith('.md'))
    .flatMap((path) =>
      [...readFileSync(join(content, path), 'utf8').matchAll(/\]\((?![a-z]+:|#)([^)#]+)/g)].map(([, link]) => ({
        path,
        link,
        target: join(dirname(path), link),
      })),
    );
  assert.deepEqual(
    links.filter(({ target }) => !existsSync(join(content, target))).map(({ path, link }) => `${path}: ${link}`),
    [],
    'links that lead nowhere in the package',
  );
  const shown = new Set(links.map(({ target }) => target));
  assert.deepEqual(
    files.filter((path) => path.endsWith('.svg') && !shown.has(path)),
    [],
    'pictures that no page shows are packed',
  );
  const kib = (bytes) => `${Math.round(bytes / 1024)} KiB`;
  return `${files.length} files, ${kib(size)} packed, ${kib(unpackedSize)} unpacked`;
}
