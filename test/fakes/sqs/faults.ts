import type { IncomingHttpHeaders } from 'node:http';
import type { EntryAnswer } from './batch.js';

/** Moment of a fault: before the action, or after it, so that only the answer is lost. */
export type FaultMoment = 'before' | 'after';

/** Entries of a batch, by id or by position from 0. */
export type EntryChoice = string | number;

/** An entry's failure as the answer of a batch lists it. */
export interface EntryFault {
  readonly Code: string;
  readonly SenderFault: boolean;
  readonly Message?: string;
}

/** Describes the faults of one request. `when` is `before` by default. */
export type Fault =
  /** An error as SQS answers it. Status and code header follow from the code (`error-answer.ts`) unless they are given. */
  | {
      readonly kind: 'error';
      readonly error: string;
      readonly message?: string;
      readonly status?: number;
      /** The value of `x-amzn-query-error`. */
      readonly query?: string;
      readonly when?: FaultMoment;
    }
  /** JSON, with status 200. */
  | { readonly kind: 'json'; readonly json: unknown; readonly when?: FaultMoment }
  /** Any text, such as the page of a proxy. */
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly status: number;
      readonly contentType?: string;
      readonly when?: FaultMoment;
    }
  /** The answer of the action cut in half: a whole answer of broken JSON, or (`connection`) an answer whose end never comes. */
  | { readonly kind: 'truncate'; readonly cut?: 'json' | 'connection' }
  /** The connection is reset without an answer. */
  | { readonly kind: 'reset'; readonly when?: FaultMoment }
  /** Nothing is answered until the client leaves. */
  | { readonly kind: 'hang'; readonly when?: FaultMoment }
  /** The action, or its answer, waits by the fake's clock. */
  | { readonly kind: 'delay'; readonly ms: number; readonly when?: FaultMoment }
  /** Entries of a batch fail; they are not carried out, or (`after`) they are all the same. */
  | {
      readonly kind: 'fail-entries';
      readonly entries: ReadonlyMap<EntryChoice, EntryFault>;
      readonly when?: FaultMoment;
    }
  /** Entries of a batch stand in neither list of the answer; they are not carried out, or (`after`) they are. */
  | { readonly kind: 'omit-entries'; readonly entries: readonly EntryChoice[]; readonly when?: FaultMoment }
  /** The answer to a batch contains an entry that was not in the request. */
  | { readonly kind: 'unknown-entry'; readonly entry?: EntryAnswer; readonly list?: 'Successful' | 'Failed' }
  /** One in `oneIn` (default 1: each) of all messages handed out has a wrong body, or a wrong digest. */
  | { readonly kind: 'corrupt'; readonly what: 'body' | 'md5' | 'attributes-md5'; readonly oneIn?: number }
  /** One in `oneIn` (default 1: each) of all messages handed out stays visible, so it is handed out again at once. */
  | { readonly kind: 'duplicate'; readonly oneIn?: number }
  /** A long poll goes on when its client leaves: the next messages are handed to nobody until their visibility timeout. */
  | { readonly kind: 'strand' };

/** One request as a fault script sees it. */
export interface ScriptedRequest {
  /** The SQS action, for example `ReceiveMessage`. */
  readonly action: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: IncomingHttpHeaders;
  /** Counts the requests of this action, from 1. */
  readonly number: number;
  /** When it came, in ms since the epoch by the fake's clock. */
  readonly at: number;
  /** The access key id that signed it; empty when unsigned. */
  readonly accessKey: string;
  /** When it was signed, in ms since the epoch by the client's clock; NaN when unsigned. */
  readonly signedAt: number;
}

/** Decides request by request. */
export type FaultScript = (request: ScriptedRequest) => Fault | readonly Fault[] | undefined;

/** A fault that ends a request without the action's own answer. */
export type FinalFault = Extract<Fault, { readonly kind: 'error' | 'json' | 'text' | 'reset' | 'hang' }>;

/** The first fault that ends the request at this moment. */
export function finalFault(faults: readonly Fault[], moment: FaultMoment): FinalFault | undefined {
  return faults.filter(isFinal).find(({ when = 'before' }) => when === moment);
}

/** Returns the time in ms for which the request waits at this moment. */
export function delayMs(faults: readonly Fault[], moment: FaultMoment): number {
  return ofKind(faults, 'delay').reduce((sum, { ms, when = 'before' }) => (when === moment ? sum + ms : sum), 0);
}

/** A fault of one kind. */
export type FaultOf<Kind extends Fault['kind']> = Extract<Fault, { readonly kind: Kind }>;

/** The faults of one kind. */
export function ofKind<Kind extends Fault['kind']>(faults: readonly Fault[], kind: Kind): readonly FaultOf<Kind>[] {
  return faults.filter((fault): fault is FaultOf<Kind> => fault.kind === kind);
}

function isFinal(fault: Fault): fault is FinalFault {
  const { kind } = fault;
  return kind === 'error' || kind === 'json' || kind === 'text' || kind === 'reset' || kind === 'hang';
}
