/**
 * Checks the package as users get it: packs the build, and installs the tarball into projects outside of the checkout. Each cell
 * of the matrix is one function that throws if something fails. `--only a,b` runs these cells, `--list` prints their names.
 * Needs a build.
 */
import { alone, nodes } from './cells/package.mjs';
import { bundles } from './cells/bundles.mjs';
import { nest } from './cells/nest.mjs';
import { quickStarts } from './cells/quick-start.mjs';
import { tracing } from './cells/tracing.mjs';
import { types } from './cells/types.mjs';
import { pack } from './pack.mjs';

const CELLS = { ...alone, ...types, ...bundles, ...nest, ...quickStarts, ...tracing, ...nodes };

function chosen(args) {
  const at = args.indexOf('--only');
  if (at < 0) return Object.keys(CELLS);
  const names = (args[at + 1] ?? '').split(',');
  const unknown = names.filter((name) => !Object.hasOwn(CELLS, name));
  if (unknown.length > 0) throw new Error(`no cell "${unknown.join(',')}", only ${Object.keys(CELLS).join(', ')}`);
  return names;
}

async function result(name, packed) {
  const from = performance.now();
  try {
    const shown = await CELLS[name]({ packed });
    return { name, ok: true, shown, seconds: (performance.now() - from) / 1000 };
  } catch (error) {
    return { name, ok: false, shown: error.message, seconds: (performance.now() - from) / 1000 };
  }
}

const args = process.argv.slice(2);
if (args.includes('--list')) {
  console.log(Object.keys(CELLS).join('\n'));
} else {
  const names = chosen(args);
  const packed = await pack();
  const results = [];
  for (const name of names) {
    const cell = await result(name, packed);
    results.push(cell);
    console.log(`${cell.ok ? 'ok  ' : 'FAIL'} ${name} (${cell.seconds.toFixed(1)} s): ${cell.shown}`);
  }
  console.log('\n| cell | result | shown |\n|---|---|---|');
  for (const { name, ok, shown } of results) {
    console.log(`| ${name} | ${ok ? 'ok' : 'FAILED'} | ${ok ? shown : shown.split('\n', 1)[0]} |`);
  }
  const failed = results.filter(({ ok }) => !ok).length;
  console.log(`\npackage: ${results.length - failed} cells passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
