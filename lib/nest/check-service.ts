import { describeOption } from '../common/option-names.js';
import { isService } from '../event/contract.js';
import type { ThriftService } from '../idl/schema.js';

/** @throws TypeError the first argument of a decorator or a function is no service */
export function checkService(taker: string, service: ThriftService): void {
  if (isService(service)) return;
  throw new TypeError(
    `${taker} takes a service as its first argument: one of a generated module, or of loadService; got ${describeOption(service)}`,
  );
}
