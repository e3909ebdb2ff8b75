import type { ThriftService } from '../../idl/schema.js';

/**
 * Rates the effect of a change on messages that one version of an IDL wrote and another one reads.
 *
 * - `breaking`: messages are rejected, lost, misread, stranded or out of order, whatever the order of the roll-out, or although
 *   nobody uses anything new.
 * - `warning`: all goes well with care: consumers are rolled out first, or handlers expect what the message does not say.
 * - `ok`: nobody notices on the wire.
 */
export type Severity = 'breaking' | 'warning' | 'ok';

/** The kinds of changes: a closed list. */
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

/** The two ways of a message between versions that meet. */
export interface Effects {
  /**
   * New consumers read old messages: those that are queued when the new version comes, and those that
   * old producers still send.
   */
  readonly oldToNew: Severity;
  /** Old consumers, still there or again after a roll-back, read what new producers send. */
  readonly newToOld: Severity;
}

/** Where in the IDL. */
export interface SchemaLocation {
  /** In the words of the IDL: `BackupQueue.startBackup`, `BackupRequest.userId`, `State.DONE`. */
  readonly place: string;
  /** One way to there from a method, as in the errors of the codec: `BackupQueue.startBackup.request.userId`. */
  readonly path: string;
  /** The file that declares it: the new one where it is still there. */
  readonly file: string;
}

/** One change, as data. */
export interface Finding extends SchemaLocation, Effects {
  readonly rule: Rule;
  /** The worse one of both directions. */
  readonly severity: Severity;
  /** The change and its effect, as a sentence without a full stop. */
  readonly change: string;
  /** Tells what to do instead, or about it: a sentence without a full stop. */
  readonly advice: string;
}

/** From bad to good. */
export const SEVERITIES: readonly Severity[] = ['breaking', 'warning', 'ok'];

/** The worst of some severities. */
export function worst(...severities: readonly Severity[]): Severity {
  return SEVERITIES.find((severity) => severities.includes(severity)) ?? 'ok';
}

/** Effects by the messages that suffer. */
export const EFFECTS = {
  none: { oldToNew: 'ok', newToOld: 'ok' },
  breaksBoth: { oldToNew: 'breaking', newToOld: 'breaking' },
  breaksOld: { oldToNew: 'breaking', newToOld: 'ok' },
  breaksNew: { oldToNew: 'ok', newToOld: 'breaking' },
  careBoth: { oldToNew: 'warning', newToOld: 'warning' },
  careOld: { oldToNew: 'warning', newToOld: 'ok' },
  careNew: { oldToNew: 'ok', newToOld: 'warning' },
} as const satisfies Record<string, Effects>;

/** The location of a service. */
export function serviceLocation({ name, file }: ThriftService): SchemaLocation {
  return { place: name, path: name, file };
}

/** The location of a method. */
export function methodLocation(service: ThriftService, method: string): SchemaLocation {
  const path = `${service.name}.${method}`;
  return { place: path, path, file: service.file };
}
