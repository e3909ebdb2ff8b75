/** Holds one row of a table of options. */
export interface Row {
  readonly name: string;
  /** Side of the carrier that has the option. Undefined for an option of both sides. */
  readonly side: string | undefined;
  readonly defaultText: string;
  /** The range, as `1 to 1024`. */
  readonly range: string | undefined;
  /** Words of the effect that are code. */
  readonly words: readonly string[];
}

/** States which tables a side takes, and which options of them it refuses. */
interface Taking {
  readonly from: readonly string[];
  readonly refused: readonly string[];
}

interface Section {
  readonly rows: readonly Row[];
  readonly takings: ReadonlyMap<string, Taking>;
}

/** Holds the sections of a page that have a table, by the anchors of their headings. */
export type Page = ReadonlyMap<string, Section>;

/** Takes options as a constructor does, with the defaults that can be read. */
export interface Code {
  /** Throws for a wrong option. */
  readonly build: (options: object) => unknown;
  readonly defaults: Readonly<Record<string, unknown>>;
  /** Options of objects that other options of the same object need. */
  readonly needed?: Readonly<Record<string, object>>;
  /** Names of options whose defaults cannot be read. */
  readonly unread?: ReadonlySet<string>;
}

const UNITS: Readonly<Record<string, number>> = { KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 };

/** Reads `16 384 000` and `64 MiB`. Returns NaN for anything else. */
export function toNumber(text: string): number {
  const [, digits, unit] = /^(\d+|\d{1,3}(?: \d{3})+)(?: ([KMGT]iB))?$/.exec(text) ?? [];
  return digits === undefined ? NaN : Number(digits.replaceAll(' ', '')) * (unit === undefined ? 1 : UNITS[unit]!);
}

const ROW = /^\| `([\w.]+)`(?: \((\w+)\))? \| ([^|]+?)(?: \(([\d ]+\w*) to ([\d ]+\w*)\))? \| ([^|]+) \|$/;

/** @throws Error the line is no row of three cells */
function readRow(line: string): Row {
  const [, name, side, defaultText, least, most, effect] = ROW.exec(line) ?? [];
  if (name === undefined) throw new Error(`this line is no row of a table of options: ${line}`);
  const range = least === undefined ? undefined : `${toNumber(least)} to ${toNumber(most!)}`;
  return { name, side, defaultText: defaultText!, range, words: wordsOf(effect!) };
}

function wordsOf(text: string): readonly string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, word]) => word!);
}

/** Returns the anchor of a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\w -]/g, '')
    .replaceAll(' ', '-');
}

/** Returns the anchors of a page. */
export function anchorsOf(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading!));
}

/** Returns the targets of the links of a page. Either part may be empty. */
export function linksOf(text: string): readonly { readonly file: string; readonly anchor: string }[] {
  return [...text.matchAll(/\]\(([^)#]*)#?([^)]*)\)/g)].map(([, file, anchor]) => ({ file: file!, anchor: anchor! }));
}

const TAKES = /\bThe (\w+)(?: also)? takes the options of (.+?)(?:, and refuses (.+))?$/gm;

function readSection(text: string): Section {
  const lines = text.split('\n').filter((line) => line.startsWith('|') && !/^\|(?: option \||---)/.test(line));
  const takings = [...text.matchAll(TAKES)].map(([, side, taken, refused = '']): [string, Taking] => [
    side!,
    { from: linksOf(taken!).map(({ anchor }) => anchor), refused: wordsOf(refused) },
  ]);
  return { rows: lines.map(readRow), takings: new Map(takings) };
}

/** @throws Error a line of a table is no row of options */
export function readPage(text: string): Page {
  const sections = text.split(/^## /m).slice(1);
  return new Map(sections.map((section) => [anchorOf(section.split('\n', 1)[0]!), readSection(section)]));
}

/** Returns the anchors of the tables that apply to a side of a section. */
export function tablesOf(page: Page, anchor: string, side: string): readonly string[] {
  return [...(page.get(anchor)?.takings.get(side)?.from ?? []), anchor];
}

/**
 * Returns the rows that apply, by name. Rows of a section replace those of the tables that it takes.
 *
 * @param sides sides whose rows apply; the first one decides what the section takes
 * @throws Error the section refuses an option that it does not take
 */
export function rowsOf(page: Page, anchor: string, sides: readonly string[]): ReadonlyMap<string, Row> {
  const rows = new Map<string, Row>();
  for (const table of tablesOf(page, anchor, sides[0]!)) {
    const { rows: own, takings } = page.get(table) ?? { rows: [], takings: new Map<string, Taking>() };
    if (table === anchor) refuse(rows, takings.get(sides[0]!)?.refused ?? []);
    for (const row of own) if (sides.includes(row.side ?? sides[0]!)) rows.set(row.name, row);
  }
  return rows;
}

function refuse(rows: Map<string, Row>, refused: readonly string[]): void {
  for (const option of refused) {
    if (!rows.delete(option)) throw new Error(`${option} is refused, but no table that is taken has it`);
    for (const name of rows.keys()) if (name.startsWith(`${option}.`)) rows.delete(name);
  }
}

/** Returns how the rows differ from the options that the code accepts. */
export async function wrongRows(rows: ReadonlyMap<string, Row>, code: Code): Promise<readonly string[]> {
  const accepted = await acceptedNames(code);
  const missing = accepted.filter((name) => !rows.has(name)).map((name) => `${name} is not on the page`);
  const faults: string[] = [];
  for (const [name, row] of rows) {
    if (accepted.includes(name)) faults.push(...faultsOf(row, await messageFor(code, name, '?'), code));
    else faults.push(`${name} is no option`);
  }
  return [...missing, ...faults];
}

/** Returns the names that the code accepts, with those of its objects. An error about an unknown name lists them. */
async function acceptedNames(code: Code): Promise<readonly string[]> {
  const listed = async (path: string): Promise<readonly string[]> => {
    const message = await messageFor(code, `${path}$`, 1);
    const [, names = ''] = message.split(`unknown option ${path}$; the options are `);
    return names.split(', ').flatMap((name) => (name === '' ? [] : [`${path}${name}`]));
  };
  const names = await listed('');
  return [...names, ...(await Promise.all(names.map((name) => listed(`${name}.`)))).flat()];
}

/** Returns the error for a value of an option. Empty without an error. */
async function messageFor({ build, needed = {} }: Code, path: string, value: unknown): Promise<string> {
  const [option, inner] = path.split('.') as [string, string | undefined];
  try {
    await build({ [option]: inner === undefined ? value : { ...needed[option], [inner]: value } });
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

/** Compares a row with an error that says what the option must be, and with the default that can be read. */
function faultsOf(row: Row, message: string, code: Code): readonly string[] {
  const [, rule = ''] = new RegExp(String.raw`\b${row.name.replace('.', '\\.')}"? must be (.+)`).exec(message) ?? [];
  const [, least, most] = /from ([\d ]+) to ([\d ]+),/.exec(rule) ?? [];
  const range = least === undefined ? undefined : `${toNumber(least)} to ${toNumber(most!)}`;
  const [choiceList = ''] = /^(?:["'][\w-]+["'](?: or )?)+/.exec(rule) ?? [];
  const choices = [...choiceList.matchAll(/["']([\w-]+)["']/g)].map(([, choice]) => choice!);
  return [
    ...(range === row.range
      ? []
      : [`${row.name}: ${range === undefined ? 'there is no range' : `the range is ${range}`}`]),
    ...choices
      .filter((choice) => !row.words.includes(choice))
      .map((choice) => `${row.name}: the effect does not name ${choice}`),
    ...defaultFaults(row, choices, code),
  ];
}

/** Shows a default of the code as a cell would give it. */
function shown(value: unknown): string {
  return value === undefined || value === Infinity || value === '' ? 'none' : String(value);
}

/** Returns the value in a cell as {@link shown} gives it. Undefined for prose. */
function literalOf(cell: string): string | undefined {
  if (cell === 'none') return 'none';
  const number = toNumber(cell);
  return Number.isNaN(number) ? /^`([\w./-]+)`$/.exec(cell)?.[1] : String(number);
}

function defaultFaults({ name, defaultText }: Row, choices: readonly string[], code: Code): readonly string[] {
  const { defaults, unread = new Set() } = code;
  if (defaultText === 'required') return [];
  const literal = literalOf(defaultText);
  const isKnown = Object.hasOwn(defaults, name) && !['object', 'function'].includes(typeof defaults[name]);
  // A choice has its default first.
  const actual = isKnown ? shown(defaults[name]) : choices[0];
  if (actual !== undefined) return actual === literal ? [] : [`${name}: the default is ${actual}`];
  const isUnproved = literal !== undefined && literal !== 'none' && !unread.has(name);
  return isUnproved ? [`${name}: the code shows no default`] : [];
}
