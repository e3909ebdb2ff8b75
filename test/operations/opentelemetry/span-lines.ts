import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';

/** Describes spans as lines: name, kind, trace, parent and links. Traces have the names of the requests that began them. */
export function linesOf(spans: readonly ReadableSpan[]): string[] {
  const byId = new Map(spans.map((span) => [span.spanContext().spanId, span]));
  const traces = new Map(spans.filter(isRoot).map((span) => [span.spanContext().traceId, span.name]));
  const traceOf = (traceId: string): string => traces.get(traceId) ?? '?';
  const lineOf = (span: ReadableSpan): string => {
    const { name, kind, parentSpanContext, links, status } = span;
    const parent = parentSpanContext === undefined ? '-' : (byId.get(parentSpanContext.spanId)?.name ?? 'unknown');
    const linked = links.map(
      ({ context }) => `${byId.get(context.spanId)?.name ?? '?'} of ${traceOf(context.traceId)}`,
    );
    const parts = [
      `${name} ${SpanKind[kind]}`,
      `trace of ${traceOf(span.spanContext().traceId)}`,
      `parent ${parent}`,
      `links ${linked.length === 0 ? '-' : linked.sort().join(', ')}`,
    ];
    return parts.join(' | ') + (status.code === SpanStatusCode.ERROR ? ' | failed' : '');
  };
  return spans.map(lineOf).sort();
}

function isRoot({ parentSpanContext }: ReadableSpan): boolean {
  return parentSpanContext === undefined;
}

export const [NO_PARENT, NO_LINKS] = ['parent -', 'links -'];
export const line = (...parts: string[]): string => parts.join(' | ');

/** The span of a request, and those of its call as far as the queue. */
export const emitted = (of: string): string[] => [
  line(`${of} INTERNAL`, `trace of ${of}`, NO_PARENT, NO_LINKS),
  line('create q PRODUCER', `trace of ${of}`, `parent ${of}`, NO_LINKS),
];
export const sentAlone = (of: string): string =>
  line('send q CLIENT', `trace of ${of}`, 'parent create q', `links create q of ${of}`);
export const sent = (...of: string[]): string =>
  line('send q CLIENT', 'trace of send q', NO_PARENT, `links ${of.map((each) => `create q of ${each}`).join(', ')}`);
export const received = (...of: string[]): string =>
  line(
    'receive q CLIENT',
    'trace of receive q',
    NO_PARENT,
    `links ${of.map((each) => `create q of ${each}`).join(', ')}`,
  );
export const processed = (of: string, ...more: string[]): string =>
  line('process q CONSUMER', 'trace of process q', NO_PARENT, `links create q of ${of}`, ...more);
/** A settlement, or the copy of a message, in the trace of its handler. */
export const settled = (name: string, links = 'process q of process q'): string =>
  line(`${name} CLIENT`, 'trace of process q', 'parent process q', `links ${links}`);
export const acknowledged = (count: number): string =>
  line('ack q CLIENT', 'trace of ack q', NO_PARENT, `links ${Array(count).fill('process q of process q').join(', ')}`);
export const inBody = (...more: string[]): string =>
  line('Jobs.run INTERNAL', 'trace of process q', 'parent process q', NO_LINKS, ...more);
