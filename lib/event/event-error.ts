import type { RejectReason } from '../queue/settlement.js';
import { ThriftReadError } from '../thrift/errors.js';

/** A body that can never become a call. The message never quotes the body. */
export class MalformedEventError extends Error {
  override readonly name = 'MalformedEventError';

  constructor(
    readonly reason: RejectReason,
    /** What exactly, for people: names cut and escaped. */
    readonly detail: string,
    options?: ErrorOptions,
  ) {
    super(`${reason}: ${detail}`, options);
  }
}

/** What a call asks for that the contract does not have, or lacks of what the contract wants. */
export type ContractErrorCode = 'unknown-service' | 'unknown-method' | 'ambiguous-method' | 'not-oneway' | 'missing-id';

/** A call that does not fit what the client's services declare. Thrown before anything is sent. */
export class ContractError extends Error {
  override readonly name = 'ContractError';

  constructor(
    readonly code: ContractErrorCode,
    message: string,
  ) {
    super(message);
  }
}

/** A name from the wire or from a caller, fit for a log line: cut to 128 characters, control, direction and invisible ones escaped. */
export function printable(name: string): string {
  const cut = name.length > 128 ? `${name.slice(0, 128)}…` : name;
  return JSON.stringify(cut).replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (c) => `\\u${c.codePointAt(0)!.toString(16).padStart(4, '0')}`,
  );
}

/** What a reader threw, as the reason to reject the body. Anything that is no error of the codec stays what it is: a defect of ours. */
export function malformed(error: unknown, callsRead: number): unknown {
  if (!(error instanceof ThriftReadError)) return error;
  const where = callsRead === 0 ? '' : ` (in call ${callsRead + 1} of the body)`;
  return new MalformedEventError(error.reason, error.message + where, { cause: error });
}
