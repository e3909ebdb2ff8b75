import { createEventCodec } from 'nestjs-sqs-thrift/codec';
import { findService, loadSchemaFromText } from 'nestjs-sqs-thrift/idl';

/** Defines a contract whose calls take 200 bytes as Thrift binary. */
const IDL = `
struct Visit {
  1: i64 at
  2: string user
  3: string page
  4: string session
  5: bool signedIn
}
service Visits {
  oneway void visited(1: Visit visit)
}`;

export const Visits = findService(loadSchemaFromText(IDL, { fileName: 'visits.thrift' }), 'Visits');
export const codec = createEventCodec([Visits]);

/** Bytes of each event before base64. */
const EVENT_BYTES = 200;

const PAGE_BYTES = EVENT_BYTES - codec.encode(call(0, 0)).length;

/** Creates the event of a number. All events take the same number of bytes. */
export function event(i: number): { readonly visit: object } {
  return call(i, PAGE_BYTES).args;
}

function call(i: number, pageBytes: number): { method: string; args: { visit: object } } {
  const visit = {
    at: 1_763_942_400_000 + i,
    user: `user-${String(i % 100_000).padStart(6, '0')}`,
    page: '/photos/2026/11/summer'.padEnd(pageBytes, '-').slice(0, pageBytes),
    session: '5f0c8e1a-6f0e-4f60-9d5e-8f5f3c1d2b7a',
    signedIn: i % 2 === 0,
  };
  return { method: 'visited', args: { visit } };
}
