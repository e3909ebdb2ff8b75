import { readFileSync } from 'node:fs';
import { beforeAll, afterAll, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { parse, parseAllDocuments } from 'yaml';
import { METRICS, type MetricDefinition, metricsOf } from '#lib/operations/metrics/metric-table.js';
import { prometheusLabel, prometheusName } from '#lib/operations/metrics/prometheus-name.js';
import { registerPrometheusMetrics } from '#lib/prometheus.js';
import { linesIn } from '../prometheus/scrape.js';
import { EXAMPLES } from './example-events.js';
import { publishEvents } from './example-lines.js';
import { addClientState, addWorkerState, forgetStates } from './live-states.js';
import { type Exported, exportedBy, namesOf, unknownNames } from './promql.js';

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: Readonly<Record<'x' | 'y' | 'w' | 'h', number>>;
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string; readonly refId: string }[];
}

interface Dashboard {
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly definition?: string }[] };
}

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly description: string };
}

const dashboard = JSON.parse(readFileSync('docs/grafana/nestjs-sqs-thrift.json', 'utf8')) as Dashboard;
const alerts = parse(readFileSync('docs/grafana/alerts.yaml', 'utf8')) as {
  readonly groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[];
};
const rules = alerts.groups.flatMap((group) => group.rules);
const panels = dashboard.panels.filter(({ type }) => type !== 'row');
const page = readFileSync('docs/metrics.md', 'utf8');
let exported: Exported;

beforeAll(async () => {
  const register = new Registry();
  const { stop } = registerPrometheusMetrics({ register });
  addWorkerState();
  addClientState({});
  publishEvents(...EXAMPLES.map(({ event }) => event));
  publishEvents({ type: 'delivered', queue: 'jobs', messageId: 'm1', receiveCount: 1, sentAt: 1 });
  exported = exportedBy(linesIn(await register.metrics()));
  stop();
});

afterAll(forgetStates);

/** Returns the labels in templates such as `{{outcome}}`. */
function templateLabels(text: string): string[] {
  return [...text.matchAll(/\{\{\s*(?:\$labels\.)?(\w+)\s*\}\}/g)].map(([, label]) => label!);
}

describe('the dashboard', () => {
  it('queries only metrics, labels and values that a scrape contains', () => {
    const expressions = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
    expect(expressions.length).toBeGreaterThan(30);
    expect(expressions.flatMap((expression) => unknownNames(expression, exported))).toEqual([]);
  });

  it('names only labels in legends that their expression keeps', () => {
    const wrong = panels.flatMap(({ title, targets = [] }) =>
      targets.flatMap(({ expr, legendFormat }) =>
        templateLabels(legendFormat)
          .filter((label) => !namesOf(expr).grouping.includes(label))
          .map((label) => `${title}: ${label}`),
      ),
    );
    expect(wrong).toEqual([]);
  });

  it('has variables for the data source and the queue, which each expression uses', () => {
    const { list } = dashboard.templating;
    expect(list.map(({ name }) => name)).toEqual(['datasource', 'queue']);
    const [, metric, label] = /^label_values\((\w+), (\w+)\)$/.exec(list[1]!.definition!)!;
    expect(exported.get(metric!)!.has(label!)).toBe(true);
    const selectors = panels.flatMap(({ targets = [] }) => targets.flatMap(({ expr }) => namesOf(expr).selectors));
    const queues = selectors.map(({ matchers }) => matchers.find((matcher) => matcher.label === label)?.values);
    expect(new Set(queues.map(String))).toEqual(new Set(['$queue']));
  });

  it('has panels with ids of their own, a description, and a place that no other takes', () => {
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    expect(panels.filter(({ description = '' }) => !description.endsWith('.'))).toEqual([]);
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, at) => `${x + (at % w)},${y + Math.floor(at / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
  });

  it('shows every metric, in itself or in the alerts', () => {
    const shown = JSON.stringify([dashboard, alerts]);
    const missing = Object.entries(METRICS as Readonly<Record<string, MetricDefinition>>)
      .map(([name, definition]) => prometheusName(name, definition))
      .filter((name) => !shown.includes(name));
    // The dashboard shows its statuses, which say more.
    expect(missing).toEqual(['nestjs_sqs_thrift_worker_up']);
  });
});

describe('the alerts', () => {
  it.each(rules.map((rule) => [rule.alert, rule] as const))('%s uses only what a scrape contains', (_, rule) => {
    expect(unknownNames(rule.expr, exported)).toEqual([]);
    const { summary, description } = rule.annotations;
    const labels = templateLabels(`${summary} ${description}`);
    expect(labels.filter((label) => !namesOf(rule.expr).grouping.includes(label))).toEqual([]);
  });

  it('have names of their own, a severity, a summary and advice', () => {
    expect(rules.length).toBeGreaterThanOrEqual(9);
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    for (const { alert, labels, annotations, for: wait = '0m' } of rules) {
      expect(alert).toMatch(/^Thrift[A-Z][a-zA-Z]+$/);
      expect(['warning', 'critical']).toContain(labels.severity);
      expect(annotations.summary).toMatch(/^Queue \{\{.+\.$/);
      expect(annotations.description.trim().split(/\. /).length).toBeGreaterThan(1);
      expect(wait).toMatch(/^\d+[mh]$/);
    }
  });
});

describe('the check of expressions', () => {
  const check = (expression: string): readonly string[] => unknownNames(expression, exported);

  it.each([
    ['rate(nestjs_sqs_thrift_stall_total[5m])', ['nestjs_sqs_thrift_stall_total']],
    ['sum by (queue) (nestjs_sqs_thrift_worker_up)', ['nestjs_sqs_thrift_worker_up: queue']],
    ['nestjs_sqs_thrift_worker_status{state="up"}', expect.arrayContaining(['nestjs_sqs_thrift_worker_status: state'])],
    ['nestjs_sqs_thrift_worker_status{status="upp"}', ['nestjs_sqs_thrift_worker_status: status="upp"']],
    ['nestjs_sqs_thrift_worker_status{status=~"up|ill"}', ['nestjs_sqs_thrift_worker_status: status="ill"']],
    ['nestjs_sqs_thrift_worker_up offset 5m or vector(1)', []],
    ['1 + 1', ['no metric in 1 + 1']],
  ])('finds the mistakes in %s', (expression, mistakes) => {
    expect(check(expression)).toEqual(mistakes);
  });
});

describe('docs/metrics.md', () => {
  const rows = new Map(
    [...page.matchAll(/^\| `([\w.]+)` \| ([^|]*) \| ([^|]*) \| [^|]+\. \|$/gm)].map(
      ([, name, unit, labels]) =>
        [name!, { unit: unit!, labels: [...labels!.matchAll(/`(\w+)`/g)].map(([, one]) => one!) }] as const,
    ),
  );

  it.each(Object.entries(METRICS as Readonly<Record<string, MetricDefinition>>))(
    'has a row of %s with its unit and labels',
    (name, { kind, unit, attributes, ...definition }) => {
      const prometheus = prometheusName(name, { ...definition, kind, unit });
      const units: Readonly<Record<string, string>> = { s: 's', By: 'bytes', '': '0 or 1' };
      expect(rows.get(prometheus)?.unit).toBe(`${kind}, ${units[unit] ?? unit.replace(/^\{(.*)\}$/, '$1s')}`);
      const isSystem = (label: string): boolean => label.startsWith('messaging_system');
      const labels = attributes.map(prometheusLabel).filter((label) => !isSystem(label));
      expect(rows.get(prometheus)?.labels).toEqual(labels.filter((label) => label !== 'messaging_destination_name'));
    },
  );

  it('names only metrics and labels that exist, also in its examples', () => {
    const metrics = [...exported.keys()].map((name) => name.replace(/_(?:bucket|sum|count)$/, ''));
    const known = new Set([...metrics, ...[...exported.values()].flatMap((labels) => [...labels.keys()])]);
    const named = [...page.matchAll(/\b(?:nestjs_sqs_thrift|messaging)_[a-z_]*[a-z](?!\w|\.)/g)].map(([name]) => name);
    expect(named.length).toBeGreaterThan(40);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });

  it('lists the buckets of each histogram', () => {
    const listed = [...page.matchAll(/^\| (`[\w.`, ]+`) \| ([\d., ]+) \|$/gm)].flatMap(([, names, bounds]) =>
      names!
        .split(', ')
        .map((name) => [name.replaceAll('`', ''), bounds!.split(', ').map((one) => Number(one.replace(' ', '')))]),
    );
    const expected = metricsOf('histogram').map(([name, { buckets }]) => [name, [...buckets]]);
    expect(Object.fromEntries(listed)).toEqual(Object.fromEntries(expected));
  });

  it('shows YAML that can be read', () => {
    const blocks = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => parseAllDocuments(text!));
    expect(blocks.length).toBeGreaterThan(1);
    for (const documents of blocks) expect([...documents].flatMap(({ errors }) => errors)).toEqual([]);
  });

  it('has a row of each alert with its severity', () => {
    expect(rules.filter(({ alert, labels }) => !page.includes(`| \`${alert}\` | ${labels.severity} |`))).toEqual([]);
  });
});
