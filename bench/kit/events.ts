import { createEventCodec } from 'nestjs-sqs-thrift/codec';
import { findService, loadSchemaFromText } from 'nestjs-sqs-thrift/idl';

/** Defines a contract whose calls take any number of bytes from about 100 on. */
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

/** Bytes of an event as Thrift binary, before base64, unless a benchmark varies them. */
export const EVENT_BYTES = 200;

interface VisitCall {
  readonly method: 'visited';
  readonly args: { readonly visit: object };
}

const bytesOfRest = codec.encode(call(0, '')).length;
const pages = new Map<number, string>();

/**
 * Creates the event of a number. All events of a size take the same number of bytes.
 *
 * @param at time that the event carries, as a whole number
 */
export function event(i: number, bytes = EVENT_BYTES, at?: number): VisitCall['args'] {
  return call(i, pageOf(bytes), at).args;
}

/** Returns the body of a message with the event of a number. */
export function eventBody(i: number, bytes = EVENT_BYTES, at?: number): string {
  return codec.encodeBody(call(i, pageOf(bytes), at), 'text') as string;
}

/** Returns the text that fills an event. */
function pageOf(bytes: number): string {
  let page = pages.get(bytes);
  if (page === undefined) {
    const length = bytes - bytesOfRest;
    page = '/photos/2026/11/summer'.padEnd(length, '-').slice(0, length);
    pages.set(bytes, page);
  }
  return page;
}

function call(i: number, page: string, at = 1_763_942_400_000 + i): VisitCall {
  const visit = {
    at,
    user: `user-${String(i % 100_000).padStart(6, '0')}`,
    page,
    session: '5f0c8e1a-6f0e-4f60-9d5e-8f5f3c1d2b7a',
    signedIn: i % 2 === 0,
  };
  return { method: 'visited', args: { visit } };
}
