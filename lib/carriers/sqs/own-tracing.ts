import { isTracingField } from '../../common/open-telemetry.js';

/** An entry of SendMessageBatch or PublishBatch, by the part that this file uses. */
interface TracedEntry {
  readonly Id?: string | undefined;
  readonly MessageAttributes?: Readonly<Record<string, unknown>> | undefined;
}

interface BatchInput {
  readonly Entries?: readonly TracedEntry[] | undefined;
  readonly PublishBatchRequestEntries?: readonly TracedEntry[] | undefined;
}

interface BatchCommand {
  readonly middlewareStack: { add(middleware: never, options: never): void };
}

/**
 * Lets entries keep their own tracing attributes. An instrumentation of the AWS SDK writes the context
 * of the request into each entry, also over the context in which a call was emitted. Other attributes
 * may be changed by middleware of the client.
 *
 * @returns a function that prepares each command that carries the entries. The instrumentation changes
 * the entries themselves, so a repetition needs the attributes of now.
 */
export function keepTracing(entries: readonly TracedEntry[]): (command: BatchCommand) => void {
  const own = new Map<string | undefined, Readonly<Record<string, unknown>>>();
  for (const { Id, MessageAttributes = {} } of entries) {
    const tracing = Object.entries(MessageAttributes).filter(([name]) => isTracingField(name));
    if (tracing.length > 0) own.set(Id, Object.fromEntries(tracing));
  }
  if (own.size === 0) return () => undefined;
  const restored = (entry: TracedEntry): TracedEntry => {
    const tracing = own.get(entry.Id);
    return tracing ? { ...entry, MessageAttributes: withoutForeign(entry.MessageAttributes ?? {}, tracing) } : entry;
  };
  const middleware = (next: (args: { input: BatchInput }) => unknown) => (args: { input: BatchInput }) => {
    const { Entries, PublishBatchRequestEntries } = args.input;
    const input = {
      ...args.input,
      ...(Entries && { Entries: Entries.map(restored) }),
      ...(PublishBatchRequestEntries && { PublishBatchRequestEntries: PublishBatchRequestEntries.map(restored) }),
    };
    return next({ ...args, input });
  };
  const place = { step: 'initialize', priority: 'low', name: 'keepTracing', override: true };
  return (command) => command.middlewareStack.add(middleware as never, place as never);
}

/** Replaces all tracing attributes. Parts of two contexts together would mean nothing. */
function withoutForeign(
  attributes: Readonly<Record<string, unknown>>,
  tracing: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const others = Object.entries(attributes).filter(([name]) => !isTracingField(name));
  return { ...Object.fromEntries(others), ...tracing };
}
