import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';

/** Attributes that are printed. Ids, times and addresses differ from run to run. */
const SHOWN = [
  'thrift.method',
  'nestjs_sqs_thrift.receive_count',
  'nestjs_sqs_thrift.outcome',
  'nestjs_sqs_thrift.reason',
  'error.type',
];

/** Order of spans that have the same parent. Spans of the application come between. */
const OPERATIONS = ['create', 'send', 'receive', 'process', undefined, 'ack', 'release', 'discard'];

/** Holds a span, with the ids that are looked at often. */
interface Printed {
  readonly span: ReadableSpan;
  readonly id: string;
  readonly parentId: string | undefined;
  readonly rank: number;
}

/**
 * Prints all traces at the end, in place of sending them to a collector. Letters and numbers stand for
 * ids, so that each run prints the same: `A2` is the second span of the trace `A`.
 */
export class TracePrinter implements SpanExporter {
  private readonly spans: Printed[] = [];
  private readonly names = new Map<string, string>();
  private traces = 0;

  export(spans: ReadableSpan[], done: Parameters<SpanExporter['export']>[1]): void {
    this.spans.push(...spans.map(toPrinted));
    done({ code: 0 });
  }

  /** Prints the traces that the application began, each with the traces that link to it. */
  shutdown(): Promise<void> {
    const own = OPERATIONS.indexOf(undefined);
    this.roots(({ rank }) => rank === own).forEach((root) => this.printTrace(root));
    return Promise.resolve();
  }

  private printTrace(root: Printed): void {
    const letter = String.fromCharCode(65 + this.traces++);
    const printed = this.printSpan(root, letter, []);
    for (const { id } of printed) {
      const links = ({ span }: Printed): boolean => span.links.some(({ context }) => context.spanId === id);
      this.roots(links).forEach((other) => this.printTrace(other));
    }
  }

  /** Prints a span and those below it. Adds them to the spans of the trace above it. */
  private printSpan(printed: Printed, letter: string, above: Printed[], depth = 1): Printed[] {
    above.push(printed);
    const name = `${letter}${above.length}`;
    this.names.set(printed.id, name);
    console.log(`${name}${'  '.repeat(depth)}${this.describe(printed.span)}`);
    for (const child of this.select(({ parentId }) => parentId === printed.id)) {
      this.printSpan(child, letter, above, depth + 1);
    }
    return above;
  }

  private roots(filter: (printed: Printed) => boolean): readonly Printed[] {
    return this.select((printed) => printed.parentId === undefined && filter(printed));
  }

  private select(filter: (printed: Printed) => boolean): readonly Printed[] {
    const startOf = ({ span: { startTime } }: Printed): number => startTime[0] * 1_000 + startTime[1] / 1_000_000;
    return this.spans.filter(filter).sort((a, b) => a.rank - b.rank || startOf(a) - startOf(b));
  }

  private describe({ name, kind, attributes, links, status }: ReadableSpan): string {
    const linked = links.map(({ context }) => this.names.get(context.spanId) ?? 'another').sort();
    const shown = SHOWN.filter((attribute) => attributes[attribute] !== undefined);
    return [
      `${name} (${SpanKind[kind].toLowerCase()})`,
      ...(linked.length > 0 ? [`links to ${linked.join(', ')}`] : []),
      ...shown.map((attribute) => `${attribute.replace('nestjs_sqs_thrift.', '')}=${String(attributes[attribute])}`),
      ...(status.code === SpanStatusCode.ERROR ? ['FAILED'] : []),
    ].join(' ');
  }
}

function toPrinted(span: ReadableSpan): Printed {
  const { spanId: id } = span.spanContext();
  const operation = span.attributes['messaging.operation.name'] as string | undefined;
  return { span, id, parentId: span.parentSpanContext?.spanId, rank: OPERATIONS.indexOf(operation) };
}
