import { measure, type Effort } from '../measure.js';
import type { Candidate } from './candidate.js';
import { checkCandidate } from './check-candidates.js';
import { makeManifest } from './manifest.js';

/** Holds the result of one candidate for one length of the list. */
export interface Result {
  readonly name: string;
  /** Number of entries in the list. */
  readonly entries: number;
  /** Bytes on the wire, or characters of a body. */
  readonly bytes: number;
  /** µs a call. */
  readonly encode: number;
  /** µs a call. */
  readonly decode: number;
}

/** Checks and times all candidates side by side, for each length of the list. */
export function runCandidates(
  candidates: readonly Candidate[],
  lengths: readonly number[],
  effort: Effort,
): readonly Result[] {
  return lengths.flatMap((entries) => {
    const manifest = makeManifest(entries);
    for (const candidate of candidates) checkCandidate(candidate, manifest);
    const calls = candidates.map((candidate) => ({ name: candidate.name, call: candidate.bind(manifest) }));
    const times = measure(
      calls.flatMap(({ name, call }) => [
        { name: `${name} encode`, run: call.encode },
        { name: `${name} decode`, run: call.decode },
      ]),
      effort,
    );
    return calls.map(({ name, call }) => ({
      name,
      entries,
      bytes: call.encode().length,
      encode: times.get(`${name} encode`)!,
      decode: times.get(`${name} decode`)!,
    }));
  });
}
