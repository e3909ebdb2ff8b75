import { describeOption } from '../../common/option-names.js';
import type { ClaimResult } from '../../idempotency/idempotency-store.js';

/**
 * Checks the answer of a store, which may be code of the application or a database that others write
 * to. A claim of another owner lasts no longer than a claim that was asked for.
 *
 * @throws TypeError the answer is no claim result
 */
export function checkClaim(answer: unknown, claimMs: number): ClaimResult {
  const { state, leftMs } = (answer ?? {}) as { readonly state?: unknown; readonly leftMs?: unknown };
  switch (state) {
    case 'claimed':
    case 'done':
      return { state };
    case 'busy':
      if (typeof leftMs !== 'number' || Number.isNaN(leftMs)) {
        throw new TypeError(`the store answered { state: 'busy' } with a leftMs that is ${describeOption(leftMs)}`);
      }
      return { state, leftMs: Math.min(Math.max(leftMs, 1), claimMs) };
    default:
      throw new TypeError(
        `the store must answer { state: 'claimed' }, { state: 'done' } or { state: 'busy', leftMs }, not ${describeOption(answer)}`,
      );
  }
}
