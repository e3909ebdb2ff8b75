import { createEventCodec } from '#lib/event/event-codec.js';
import { loadService } from '#lib/idl/load-schema.js';

/** The flag with the IDL that the bodies are made by. */
export const IDL = ['--idl', 'idl/backup.thrift'];

const reports = createEventCodec([loadService('idl/backup.thrift', 'BackupReports')]);
const requests = createEventCodec([loadService('idl/backup.thrift', 'BackupQueue')]);

/** The body of a call of BackupReports.progress. */
export function progressBody(id: string): string {
  return reports.encodeBody({ method: 'progress', args: { progress: { id, state: 'DONE' } } }, 'text') as string;
}

/** Bodies with the ids `b0`, `b1`, … */
export function progressBodies(count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, at) => progressBody(`b${from + at}`));
}

/** The body of a call of BackupQueue.startBackup. */
export function startBody(id: string): string {
  const request = { id, userId: 'nobody', requestedAt: 0 };
  return requests.encodeBody({ method: 'startBackup', args: { request } }, 'text') as string;
}
