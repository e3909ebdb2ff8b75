import type { MetricDefinition } from './metric-table.js';

/** Maps units to the words that Prometheus uses. */
const UNITS: Readonly<Record<string, string>> = { s: 'seconds', By: 'bytes' };

/**
 * Returns the name of a metric in Prometheus. Follows the rules for OpenTelemetry, as the collector's
 * exporter and the OTLP receiver of Prometheus do. So one dashboard fits both routes. Units in braces
 * are notes and add no suffix.
 */
export function prometheusName(name: string, { kind, unit }: Pick<MetricDefinition, 'kind' | 'unit'>): string {
  const word = UNITS[unit];
  const parts = [
    prometheusLabel(name),
    ...(word === undefined ? [] : [word]),
    ...(kind === 'counter' ? ['total'] : []),
  ];
  return parts.join('_');
}

/** Returns the label of an attribute in Prometheus. */
export function prometheusLabel(attribute: string): string {
  return attribute.replace(/[^a-zA-Z0-9_]/g, '_');
}
