import type { ThriftService } from '../../idl/schema.js';

/**
 * Rates the effect of a change on messages that one version of an IDL wrote and the other version
 * reads.
 *
 * - `breaking`: messages are rejected, lost, misread, stranded or out of order, in any order of the
 *   roll-out or without use of the new declarations.
 * - `warning`: the change works with care. Consumers are rolled out first, or handlers expect
 *   incomplete messages.
 * - `ok`: the change has no effect on the wire.
 */
export type Severity = 'breaking' | 'warning' | 'ok';

/** Lists the kinds of changes. The list is closed. */
export type Rule =
  | 'service-removed'
  | 'service-renamed'
  | 'service-added'
  | 'method-removed'
  | 'method-not-oneway'
  | 'method-added'
  | 'method-ambiguous'
  | 'queue-changed'
  | 'group-changed'
  | 'dedup-changed'
  | 'delay-changed'
  | 'field-removed'
  | 'field-added'
  | 'field-renamed'
  | 'field-id-changed'
  | 'field-id-reused'
  | 'type-changed'
  | 'text-or-bytes'
  | 'enum-or-integer'
  | 'struct-or-union'
  | 'became-required'
  | 'no-longer-required'
  | 'requiredness-changed'
  | 'default-changed'
  | 'enum-value-removed'
  | 'enum-value-renumbered'
  | 'enum-value-renamed'
  | 'enum-value-added';

/** Rates both directions between versions that run at the same time. */
export interface Effects {
  /** New consumers read messages that are queued already, and messages of old producers. */
  readonly oldToNew: Severity;
  /** Old consumers, before the roll-out or after a roll-back, read messages of new producers. */
  readonly newToOld: Severity;
}

/** Locates a finding in the IDL. */
export interface SchemaLocation {
  /** Name in the IDL: `BackupQueue.startBackup`, `BackupRequest.userId`, `State.DONE`. */
  readonly place: string;
  /**
   * One path from a method, as in errors of the codec: `BackupQueue.startBackup.request.userId`.
   */
  readonly path: string;
  /** The file with the declaration, of the new version if possible. */
  readonly file: string;
}

/** Describes one change as data. */
export interface Finding extends SchemaLocation, Effects {
  readonly rule: Rule;
  /** The more severe rating of both directions. */
  readonly severity: Severity;
  /** The change and its effect, as a sentence without a full stop. */
  readonly change: string;
  /** Advice, as a sentence without a full stop. */
  readonly advice: string;
}

/** Lists severities, most severe first. */
export const SEVERITIES: readonly Severity[] = ['breaking', 'warning', 'ok'];

/** Returns the most severe of some severities. */
export function worst(...severities: readonly Severity[]): Severity {
  return SEVERITIES.find((severity) => severities.includes(severity)) ?? 'ok';
}

/** Names the effects by the affected messages. */
export const EFFECTS = {
  none: { oldToNew: 'ok', newToOld: 'ok' },
  breaksBoth: { oldToNew: 'breaking', newToOld: 'breaking' },
  breaksOld: { oldToNew: 'breaking', newToOld: 'ok' },
  breaksNew: { oldToNew: 'ok', newToOld: 'breaking' },
  careBoth: { oldToNew: 'warning', newToOld: 'warning' },
  careOld: { oldToNew: 'warning', newToOld: 'ok' },
  careNew: { oldToNew: 'ok', newToOld: 'warning' },
} as const satisfies Record<string, Effects>;

/** Returns the location of a service. */
export function serviceLocation({ name, file }: ThriftService): SchemaLocation {
  return { place: name, path: name, file };
}

/** Returns the location of a method. */
export function methodLocation(service: ThriftService, method: string): SchemaLocation {
  const path = `${service.name}.${method}`;
  return { place: path, path, file: service.file };
}
