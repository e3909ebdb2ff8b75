import { createEventCodec } from '#lib/event/event-codec.js';
import { MalformedEventError } from '#lib/event/event-error.js';
import type { FunctionSchema, ThriftService } from '#lib/idl/schema.js';
import { PROTOCOLS } from '../../vectors/protocols.js';
import { structFate, type Fate } from './meaning.js';
import { structProbes } from './probes.js';

/** Holds the result of messages in all protocols: a {@link Fate}, or a rejection. */
export type EntryResult = Fate | 'rejected';

/**
 * Sends every probe of every oneway method of a service through real codecs, with the name of the service and without.
 *
 * @param readers the services that the consumer has
 */
export function tryMessages(writer: ThriftService, readers: readonly ThriftService[]): ReadonlySet<EntryResult> {
  const outcomes = new Set<EntryResult>();
  for (const protocol of PROTOCOLS) {
    const reading = createEventCodec(readers);
    for (const multiplexed of [false, true]) {
      const writing = createEventCodec([writer], { protocol, multiplexed });
      for (const { fn } of writing.contract.oneway()) {
        for (const args of structProbes(writer.schema, fn.args)) {
          const body = writing.encodeBody({ method: fn.name, args: args as Record<string, unknown> }, 'text');
          outcomes.add(outcomeOf([writer, fn], args, () => reading.decode(body)[0]!, readers));
        }
      }
    }
  }
  return outcomes;
}

function outcomeOf(
  [writer, fn]: readonly [ThriftService, FunctionSchema],
  args: object,
  decode: () => { readonly service?: string | undefined; readonly args: object },
  readers: readonly ThriftService[],
): EntryResult {
  try {
    const call = decode();
    const reader = readers.find(({ name }) => name === call.service)!;
    const types = { before: fn.args, after: reader.functions.get(fn.name)!.args };
    return structFate(
      { schema: writer.schema, type: types.before },
      args,
      { schema: reader.schema, type: types.after },
      call.args,
    );
  } catch (error) {
    if (error instanceof MalformedEventError) return 'rejected';
    throw error;
  }
}
