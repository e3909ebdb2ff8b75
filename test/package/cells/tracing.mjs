/** The newest SDK of OpenTelemetry, beside the instrumentation of the AWS SDK and without it. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { project } from '../projects.mjs';
import { nodeOf, run } from '../workspace.mjs';

const WAYS = ['mjs', 'cjs'].flatMap((ending) => [true, false].map((withAws) => ({ ending, withAws })));

async function opentelemetry({ packed }) {
  const folder = await project('traced', packed.tarball);
  await run(process.execPath, [join(folder, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.json'], {
    cwd: folder,
  });
  const node = await nodeOf(24);
  for (const { ending, withAws } of WAYS) {
    const first = ending === 'mjs' ? '--import' : '--require';
    const args = ['--disable-warning=ExperimentalWarning', first, `./tracing.${ending}`, `traced.${ending}`];
    const out = await run(node, args, { cwd: folder, env: { WITH_AWS: String(withAws) } });
    assert.match(out, /^traced over lean and sdk$/m, `${ending}, withAws ${withAws}`);
  }
  return 'both module systems, both data paths, with and without the instrumentation of the AWS SDK';
}

export const tracing = { opentelemetry };
