/**
 * Puts mistakes into the library, one at a time, and shows that the simulation finds each of them.
 *
 *     npm run simulate:faults
 *     npm run simulate:faults -- --seeds 1000 --first 1 --only timer
 *
 * Ends with code 1 if a mistake is not found within the seeds.
 */
import { parseArgs } from 'node:util';
import { findMutant } from './find-mutant.js';
import { MUTANTS } from './mutants.js';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    first: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
  },
});
const first = Number(values.first);
const chosen = MUTANTS.filter(({ name }) => name.includes(values.only));
let missed = 0;
for (const mutant of chosen) {
  const found = await findMutant(mutant, first, Number(values.seeds));
  if (found === undefined) missed += 1;
  const result = found ? `found by seed ${found.seed}: ${found.violation.rule}` : 'NOT FOUND';
  console.log(`${mutant.name.padEnd(44)} ${result}`);
}
console.log(
  `simulate:faults: ${chosen.length - missed} of ${chosen.length} mistakes found within ${values.seeds} seeds each`,
);
if (missed > 0) process.exitCode = 1;
