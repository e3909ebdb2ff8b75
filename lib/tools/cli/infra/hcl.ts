/** Holds an expression of HCL that is written as it is, such as a reference. */
export class Expression {
  constructor(readonly text: string) {}
}

/** Holds values of HCL by name. */
export interface HclObject {
  readonly [name: string]: HclValue;
}

/** A value of HCL. Undefined values are left out. */
export type HclValue =
  string | number | boolean | undefined | Expression | readonly HclValue[] | HclObject | Call | NamedValues;

/** Holds values by names that a user chose. A bare name may be a keyword, such as `for`. */
export class NamedValues {
  constructor(readonly values: HclObject) {}
}

/** Holds a call of a function with one argument, such as `jsonencode`. */
export class Call {
  constructor(
    readonly name: string,
    readonly argument: HclValue,
  ) {}
}

/** Holds a block with its labels: `resource "aws_sqs_queue" "backup" { … }`. */
export interface Block {
  readonly type: string;
  readonly labels: readonly string[];
  readonly body: HclObject;
  /** Blocks inside of this block. */
  readonly blocks?: readonly Block[];
}

/** Writes blocks in the form of `terraform fmt`. */
export function writeHcl(blocks: readonly Block[]): string {
  return blocks.map((block) => writeBlock(block, '')).join('\n\n');
}

function writeBlock({ type, labels, body, blocks = [] }: Block, indent: string): string {
  const inner = `${indent}  `;
  const entries = entriesOf(body);
  const parts = [
    ...(entries.length > 0 ? [writeEntries(entries, inner)] : []),
    ...blocks.map((block) => writeBlock(block, inner)),
  ];
  const content = parts.length === 0 ? '' : `\n${parts.join('\n\n')}\n${indent}`;
  return `${indent}${[type, ...labels.map(quote)].join(' ')} {${content}}`;
}

type Entry = readonly [name: string, value: HclValue];

function entriesOf(object: HclObject): readonly Entry[] {
  return Object.entries(object).filter(([, value]) => value !== undefined);
}

/** Writes lines of names and values. Aligns the values of adjacent single lines, as `terraform fmt` does. */
function writeEntries(entries: readonly Entry[], indent: string, keyOf = keyText): string {
  const lines = entries.map(([name, value]) => ({ key: keyOf(name), text: writeValue(value, indent) }));
  const widths = lines.map(({ key, text }) => (text.includes('\n') ? 0 : key.length));
  for (let at = 0; at < widths.length; at += 1) {
    if (widths[at] === 0 || (at > 0 && widths[at - 1]! > 0)) continue;
    let end = at;
    while (end < widths.length && widths[end]! > 0) end += 1;
    widths.fill(Math.max(...widths.slice(at, end)), at, end);
  }
  return lines.map(({ key, text }, at) => `${indent}${key.padEnd(widths[at]!)} = ${text}`).join('\n');
}

function keyText(name: string): string {
  return /^[A-Za-z_][\w-]*$/.test(name) ? name : quote(name);
}

function writeValue(value: HclValue, indent: string): string {
  if (typeof value === 'string') return quote(value);
  if (value instanceof Expression) return value.text;
  if (value instanceof Call) return `${value.name}(${writeValue(value.argument, indent)})`;
  if (typeof value !== 'object') return String(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) return writeList(value as readonly HclValue[], indent);
  const isNamed = value instanceof NamedValues;
  const entries = entriesOf(isNamed ? value.values : (value as HclObject));
  return `{\n${writeEntries(entries, inner, isNamed ? quote : keyText)}\n${indent}}`;
}

function writeList(values: readonly HclValue[], indent: string): string {
  const isPlain = values.every((value) => typeof value !== 'object' || value instanceof Expression);
  const inner = `${indent}  `;
  if (values.length === 0) return '[]';
  if (isPlain && values.length === 1) return `[${writeValue(values[0], indent)}]`;
  return `[\n${values.map((value) => `${inner}${writeValue(value, inner)},`).join('\n')}\n${indent}]`;
}

/** Quotes text. A template in the text stays text. */
function quote(text: string): string {
  return JSON.stringify(text).replaceAll(/([$%])\{/g, '$1$1{');
}
