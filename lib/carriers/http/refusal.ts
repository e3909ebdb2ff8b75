/**
 * Describes the answer to a request whose message is not taken.
 *
 * @publicApi
 */
export interface HttpRefusal {
  readonly status: number;
  /** Says for people what is wrong and what to do. */
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** A Thrift message in place of the text. */
  readonly body?: Buffer | undefined;
  /** True if the connection cannot serve another request. */
  readonly closes?: boolean | undefined;
}

/** Ends the reading of a request. */
export class RefusedRequest extends Error {
  constructor(readonly refusal: HttpRefusal) {
    super(refusal.text);
  }
}

/** Seconds after which a client may try again. */
const RETRY_AFTER_SECONDS = 1;

/** Refuses a request for the time being. */
export function busy(text: string, seconds = RETRY_AFTER_SECONDS): HttpRefusal {
  return { status: 503, text, headers: { 'retry-after': String(Math.max(RETRY_AFTER_SECONDS, Math.ceil(seconds))) } };
}
