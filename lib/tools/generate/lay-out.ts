import { entry, flat, key, type Literal } from './literal.js';

/** Returns true for a literal that is broken although it fits on its line. */
export type MustBreak = (literal: Literal) => boolean;

/** The place where a literal is written. */
export interface LayoutContext {
  readonly indent: string;
  /** Columns taken on the line, before the literal and directly behind it. */
  readonly taken: number;
  readonly width: number;
  readonly mustBreak: MustBreak;
  /**
   * Keeps the first half of a pair that does not fit on the line: `['key', {`. Default false, as
   * formatters have it.
   */
  readonly hugPairs?: boolean;
}

type Literals = { readonly [Kind in Literal['kind']]: Extract<Literal, { readonly kind: Kind }> };

/** Writes a literal on one line where it fits, else broken after each item. */
export function layOut(literal: Literal, context: LayoutContext): string {
  const line = flat(literal);
  const fits = context.taken + line.length <= context.width && !anyMustBreak(literal, context.mustBreak);
  if (fits) return line;
  switch (literal.kind) {
    case 'text':
      return line;
    case 'call':
      return breakCall(literal, context);
    case 'array':
      return literal.items.length === 0 ? line : breakArray(literal, context);
    case 'object':
      return literal.entries.length === 0 ? line : breakObject(literal, context);
  }
}

function breakCall({ name, args }: Literals['call'], { indent }: LayoutContext): string {
  return [`${name}(`, ...args.map((arg) => `${indent}  ${arg},`), `${indent})`].join('\n');
}

function breakArray(literal: Literals['array'], context: LayoutContext): string {
  const { items, call = '' } = literal;
  const [first, second, third] = items;
  if (context.hugPairs && call === '' && first?.kind === 'text' && second && !third) {
    return `[${first.text}, ${layOut(second, { ...context, taken: context.taken + first.text.length + 4 })}]`;
  }
  const [open, close] = call === '' ? ['[', ']'] : [`${call}([`, '])'];
  return [open, ...itemLines(literal, context), `${context.indent}${close}`].join('\n');
}

function itemLines(literal: Literals['array'], context: LayoutContext): readonly string[] {
  const indent = `${context.indent}  `;
  if (isNumbers(literal)) return filled(literal.items, indent, context.width);
  const inner = { ...context, indent, taken: indent.length + 1 };
  return literal.items.map((item) => `${indent}${layOut(item, inner)},`);
}

function breakObject({ entries, suffix = '' }: Literals['object'], context: LayoutContext): string {
  const inner = { ...context, indent: `${context.indent}  ` };
  const lines = entries.map(([name, value]) => entryLine(name, value, inner));
  return ['{', ...lines, `${context.indent}}${suffix}`].join('\n');
}

function entryLine(name: string, value: Literal, context: LayoutContext): string {
  const taken = context.indent.length + key(name).length + 3;
  const source = layOut(value, { ...context, taken });
  if (value.kind === 'text' && taken + source.length > context.width) {
    return `${context.indent}${key(name)}:\n${context.indent}  ${source},`;
  }
  return `${context.indent}${entry(name, source)},`;
}

function anyMustBreak(literal: Literal, mustBreak: MustBreak): boolean {
  if (literal.kind === 'text' || literal.kind === 'call') return false;
  const children = literal.kind === 'array' ? literal.items : literal.entries.map(([, value]) => value);
  return mustBreak(literal) || children.some((child) => anyMustBreak(child, mustBreak));
}

const NUMBER = /^-?[0-9.]+(e-?[0-9]+)?$/;

function isNumbers({ items }: Literals['array']): boolean {
  return items.length > 1 && items.every((item) => item.kind === 'text' && NUMBER.test(item.text));
}

/** Writes as many numbers on each line as fit. */
function filled(items: readonly Literal[], indent: string, width: number): string[] {
  const lines: string[] = [];
  for (const item of items) {
    const last = lines.at(-1);
    const word = `${flat(item)},`;
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(indent + word);
  }
  return lines;
}
