import type { ContractFlags, QueueFlags } from '../flags.js';

/** The flags of `redrive`. */
export interface RedriveFlags extends QueueFlags, ContractFlags {
  readonly queue: string;
  readonly to?: string;
  readonly source?: readonly string[];
  readonly method?: string;
  readonly reason?: string;
  readonly limit?: number;
  readonly byHand?: true;
  readonly dryRun?: true;
  readonly yes?: true;
}

/** True if SQS supports all given flags, apart from `--dry-run`. */
export function isForSqs({ source, method, reason, limit, byHand }: RedriveFlags): boolean {
  return [source, method, reason, limit, byHand].every((flag) => flag === undefined);
}

/** Returns the expected number of moves. Undefined with a filter, whose matches are unknown. */
export function expectedMoves({ method, reason, limit }: RedriveFlags, visible: number): number | undefined {
  return (method ?? reason) === undefined ? Math.min(visible, limit ?? visible) : undefined;
}
