import { ThriftReadError } from '../thrift/errors.js';
import { MalformedEventError } from './event-error.js';

/** What a reader threw, as the reason to reject the body. Anything that is no error of the codec stays what it is: a defect of ours. */
export function malformed(error: unknown, callsRead: number): unknown {
  if (!(error instanceof ThriftReadError)) return error;
  const where = callsRead === 0 ? '' : ` (in call ${callsRead + 1} of the body)`;
  return new MalformedEventError(error.reason, error.message + where, { cause: error });
}
