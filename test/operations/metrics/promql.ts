/** A metric in an expression of PromQL, with the labels that select its series. */
interface Selector {
  readonly metric: string;
  readonly matchers: readonly { readonly label: string; readonly values: readonly string[] }[];
}

/** The names in an expression of PromQL. */
export interface Names {
  readonly selectors: readonly Selector[];
  /** Labels of `by` and of matching. */
  readonly grouping: readonly string[];
}

const WORDS = new Set([
  'by',
  'without',
  'on',
  'ignoring',
  'group_left',
  'group_right',
  'and',
  'or',
  'unless',
  'offset',
]);
const GROUPING = /\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)/g;
const RANGE = /\[[^\]]*\]|\boffset\s+\w+/g;
const SELECTOR = /([a-zA-Z_:][\w:]*)\s*(\{[^}]*\}|\()?/g;
const MATCHER = /(\w+)\s*(?:=~|!~|!=|=)\s*"([^"]*)"/g;

/** Returns the names in an expression. Reads what the dashboard and the alerts use of PromQL. */
export function namesOf(expression: string): Names {
  const grouping = [...expression.matchAll(GROUPING)].flatMap(([, labels]) =>
    labels!.split(',').map((one) => one.trim()),
  );
  const rest = expression.replace(GROUPING, ' ').replace(RANGE, ' ');
  const selectors = [...rest.matchAll(SELECTOR)]
    .filter(([, name, behind]) => behind !== '(' && !WORDS.has(name!))
    .map(([, metric, behind = '']) => ({ metric: metric!, matchers: matchersOf(behind) }));
  return { selectors, grouping };
}

function matchersOf(braces: string): Selector['matchers'] {
  return [...braces.matchAll(MATCHER)].map(([, label, text]) => ({ label: label!, values: text!.split('|') }));
}

/** The labels of exported metrics with their values, by the name of the metric. */
export type Exported = ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>;

/** Reads the lines of a scrape. */
export function exportedBy(lines: readonly string[]): Exported {
  const exported = new Map<string, Map<string, Set<string>>>();
  for (const line of lines) {
    const [, name, labels] = /^(\w+)(?:\{(.*)\})? \S+$/.exec(line)!;
    const known = exported.get(name!) ?? new Map<string, Set<string>>();
    exported.set(name!, known);
    for (const [, label, value] of (labels ?? '').matchAll(/(\w+)="([^"]*)"/g)) {
      known.set(label!, (known.get(label!) ?? new Set()).add(value!));
    }
  }
  return exported;
}

/** Returns the names in an expression that no scrape contains. Values with a variable are free. */
export function unknownNames(expression: string, exported: Exported): readonly string[] {
  const { selectors, grouping } = namesOf(expression);
  if (selectors.length === 0) return [`no metric in ${expression}`];
  return selectors.flatMap(({ metric, matchers }) => {
    const labels = exported.get(metric);
    if (labels === undefined) return [metric];
    const used = [...grouping, ...matchers.map(({ label }) => label)];
    const wrongValues = matchers.flatMap(({ label, values }) =>
      values
        .filter((value) => !value.startsWith('$') && !labels.get(label)?.has(value))
        .map((value) => `${label}="${value}"`),
    );
    return [...used.filter((label) => !labels.has(label)), ...wrongValues].map((text) => `${metric}: ${text}`);
  });
}
