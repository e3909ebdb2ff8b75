import type { Schema } from '../../idl/schema.js';
import { compareEnums } from './compare-enums.js';
import {
  compareServices,
  reportAddedService,
  reportAmbiguous,
  reportRemovedService,
  reportRenamedService,
} from './compare-services.js';
import { compareStructs } from './compare-structs.js';
import { startComparing } from './comparing.js';
import { type Finding, SEVERITIES } from './finding.js';
import { onewayOf, pairServices } from './pair-services.js';

/** The result of a comparison. */
export interface Comparison {
  /** The worst ones first. */
  readonly findings: readonly Finding[];
  /** The oneway methods of either version that were looked at, `BackupQueue.startBackup`. None means that nothing was compared. */
  readonly methods: readonly string[];
}

/** Options of {@link compareSchemas}. */
export interface CompareOptions {
  /** The name of the one service to compare. Default: those that either file declares; if neither does, those they include. */
  readonly service?: string | undefined;
}

/**
 * Compares two versions of an IDL by the messages between them, in both directions: those still
 * queued when the new version comes, and those that new producers send while old consumers run.
 * Compares only what the oneway methods of the services reach.
 *
 * Assumes that consumers use this library with its defaults, in any of its protocols. Lenient
 * readers lose values where these reject messages.
 */
export function compareSchemas(before: Schema, after: Schema, { service }: CompareOptions = {}): Comparison {
  const comparing = startComparing(before, after);
  const services = pairServices(before, after, service);
  const { kept, renamed, removed, added } = services;
  for (const pair of kept) compareServices(comparing, pair);
  for (const pair of renamed) {
    reportRenamedService(comparing, pair);
    compareServices(comparing, pair);
  }
  for (const old of removed) reportRemovedService(comparing, old);
  for (const now of added) reportAddedService(comparing, now);
  reportAmbiguous(comparing, services);
  // More comes while it goes on: structs hold structs.
  for (const pair of comparing.waiting) {
    if (pair.kind === 'struct') compareStructs(comparing, pair);
    else compareEnums(comparing, pair);
  }
  const all = [...removed, ...added, ...[...kept, ...renamed].flatMap(({ before: old, after: now }) => [old, now])];
  return {
    findings: SEVERITIES.flatMap((severity) => comparing.findings.filter((finding) => finding.severity === severity)),
    methods: [...new Set(all.flatMap((owner) => onewayOf(owner).map(({ name }) => `${owner.name}.${name}`)))],
  };
}
