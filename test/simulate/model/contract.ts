import { createEventCodec } from '#lib/event/event-codec.js';
import { findService } from '#lib/idl/find-service.js';
import { loadSchemaFromText } from '#lib/idl/load-schema.js';
import type { WireBody } from '#lib/queue/wire-message.js';

/** The service of all simulations. Each call has a number of its own. */
export const service = findService(loadSchemaFromText('service Jobs { oneway void run(1: i32 n) }'), 'Jobs');

const codec = createEventCodec([service]);

/** Returns the numbers of the calls in a body, or undefined if it cannot be decoded. */
export function callsOf(body: WireBody): readonly number[] | undefined {
  try {
    return codec.decode(body).map(({ args }) => args.n as number);
  } catch {
    return undefined;
  }
}

/** Returns a body that no worker can decode. */
export function undecodableBody(n: number): string {
  return `not base64: ${n}`;
}

/** Returns the number of the call for which {@link undecodableBody} stands. */
export function undecodableCall(body: WireBody): number {
  return Number(/\d+$/.exec(String(body))?.[0] ?? 0);
}
