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

/** Holds the result of a comparison. */
export interface Comparison {
  /** Findings, most severe first. */
  readonly findings: readonly Finding[];
  /**
   * Compared oneway methods of either version: `BackupQueue.startBackup`. Empty if nothing was
   * compared.
   */
  readonly methods: readonly string[];
}

/** Options of {@link compareSchemas}. */
export interface CompareOptions {
  /**
   * Name of the only service to compare. Default: the services that either file declares. If
   * neither file declares a service, the included services.
   */
  readonly service?: string | undefined;
}

/**
 * Compares two versions of an IDL by the messages between them, in both directions. Queued messages
 * of the old version meet new consumers. Messages of new producers meet old consumers. Compares
 * only what the oneway methods of the services reach.
 *
 * Assumes that consumers use this library with its defaults, in any of its protocols. Lenient
 * readers lose values where these consumers reject messages.
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
  // The list grows during the loop, because structs contain structs.
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
