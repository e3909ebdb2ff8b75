import { describeOption } from '../common/option-names.js';
import type { ThriftService } from '../idl/schema.js';

/** @throws TypeError the first argument of a decorator or a function is no service */
export function checkService(taker: string, service: ThriftService): void {
  if ((service as ThriftService | undefined)?.functions instanceof Map) return;
  throw new TypeError(
    `${taker} takes a service as its first argument: one of a generated module, or of loadService; got ${describeOption(service)}`,
  );
}
