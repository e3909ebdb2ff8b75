import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';

/** Holds a comment, a string literal or a whole page, with its offset in the file. */
interface Passage {
  readonly text: string;
  readonly at: number;
  readonly isDoc?: boolean;
}

/** Matches the blanks and comment marks between two words. */
const GAP = String.raw`[\s*/]+`;

/** Words that plain English here does without. A blank also matches a line break. */
const BANNED = [
  String.raw`(?:un)?mend(?:s|ed|ing)?`,
  'borne',
  '(?:told|tells?) of',
  '(?:is|are|was|were|be|been|being) told',
  'be it',
  'alike',
  'whoever may',
  "somebody's",
  'is made of',
].map((words) => new RegExp(String.raw`\b${words.replaceAll(' ', GAP)}\b`, 'gi'));

/** Matches a doc comment that names a thing in place of describing what the code does. */
const DOC_START = /^\/\*\*[\s*]*(What|Whether|How)\b/;

/** Matches wherever a doc comment may begin so. */
const DOC_START_ANYWHERE = new RegExp(DOC_START.source.slice(1));

function isLiteral(node: ts.Node): boolean {
  return ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node);
}

/** Returns the literals that may contain comment marks, by start offset. */
function literalsOf(source: ts.SourceFile): ReadonlyMap<number, ts.Node> {
  const literals = new Map<number, ts.Node>();
  const visit = (node: ts.Node): void => {
    if (isLiteral(node) || ts.isRegularExpressionLiteral(node)) literals.set(node.getStart(source), node);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return literals;
}

/** Returns the comments of a file. Line comments on consecutive lines form one passage. */
function commentsOf(text: string, literals: ReadonlyMap<number, ts.Node>): Passage[] {
  const comments: Passage[] = [];
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, false, ts.LanguageVariant.Standard, text);
  let open: number | undefined;
  const close = (end: number): void => {
    if (open !== undefined) comments.push({ text: text.slice(open, end), at: open });
    open = undefined;
  };
  let end = 0;
  for (let kind = scanner.scan(); kind !== ts.SyntaxKind.EndOfFileToken; kind = scanner.scan()) {
    const at = scanner.getTokenStart();
    if (kind === ts.SyntaxKind.SingleLineCommentTrivia) {
      open ??= at;
      end = scanner.getTokenEnd();
      continue;
    }
    if (kind === ts.SyntaxKind.WhitespaceTrivia || kind === ts.SyntaxKind.NewLineTrivia) continue;
    close(end);
    if (kind === ts.SyntaxKind.MultiLineCommentTrivia) {
      const comment = scanner.getTokenText();
      comments.push({ text: comment, at, isDoc: comment.startsWith('/**') });
    }
    const literal = literals.get(at);
    if (literal !== undefined) scanner.resetTokenState(literal.end);
  }
  close(end);
  return comments;
}

function passagesOf(file: string, text: string): readonly Passage[] {
  if (file.endsWith('.md')) return [{ text, at: 0 }];
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
  const literals = literalsOf(source);
  const strings = [...literals]
    .filter(([, node]) => isLiteral(node))
    .map(([at, node]) => ({ text: node.getText(source), at }));
  return [...commentsOf(text, literals), ...strings];
}

/** Returns `file:line: words` for each banned word of a file, in order. */
function violations(file: string, text: string): readonly string[] {
  // Most files contain no such words at all, and need no parsing.
  if (![DOC_START_ANYWHERE, ...BANNED].some((pattern) => text.search(pattern) >= 0)) return [];
  const found = passagesOf(file, text).flatMap(({ text: passage, at, isDoc }) => {
    const words = BANNED.flatMap((pattern) => [...passage.matchAll(pattern)]);
    const start = isDoc === true ? DOC_START.exec(passage) : null;
    return [
      ...words.map((match) => [at + match.index, match[0].replaceAll(new RegExp(GAP, 'g'), ' ')] as const),
      ...(start === null ? [] : [[at, `a doc comment that begins with ${start[1]!}`] as const]),
    ];
  });
  return found
    .sort(([one], [other]) => one - other)
    .map(([at, words]) => `${file}:${text.slice(0, at).split('\n').length}: ${words}`);
}

/** Types of the samples. Their comments are those of the IDL files. */
const GENERATED = 'generated/';

function filesBelow(folder: string, extension: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(extension) && !path.includes('node_modules') && !path.startsWith(GENERATED))
    .map((path) => join(folder, path));
}

const code = ['lib', 'bench', 'sample'].flatMap((folder) => filesBelow(folder, '.ts'));
const pages = [...filesBelow('docs', '.md'), ...readdirSync('.').filter((file) => file.endsWith('.md'))];

describe('the prose', () => {
  it.each([
    ['code', code, 300],
    ['pages', pages, 9],
  ])('has no banned words in the %s', (_, files, least) => {
    expect(files.length).toBeGreaterThanOrEqual(least);
    expect(files.flatMap((file) => violations(file, readFileSync(file, 'utf8')))).toEqual([]);
  });
});

describe('the check of the prose', () => {
  it.each([
    ['a.ts', '// Mends it.\n', ['a.ts:1: Mends']],
    ['a.ts', 'const a = 1; /* unmended */\n', ['a.ts:1: unmended']],
    ['a.ts', '/**\n * The load that is\n * borne.\n */\n', ['a.ts:3: borne']],
    ['a.ts', '\n// A queue that is\n// told of it.\n', ['a.ts:2: is told', 'a.ts:3: told of']],
    ['a.ts', "const a = 'be it so';\n", ['a.ts:1: be it']],
    ['a.ts', 'const a = `${b} and ${c} are alike`;\n', ['a.ts:1: alike']],
    ['a.ts', 'const a = `${b} // ${c}`; // whoever may send\n', ['a.ts:1: whoever may']],
    ['a.ts', "const a = /'/; // somebody's\n", ["a.ts:1: somebody's"]],
    ['a.ts', '/** What a call is made of. */\n', ['a.ts:1: a doc comment that begins with What', 'a.ts:1: is made of']],
    [
      'a.ts',
      'interface A {\n  /**\n   * Whether b holds.\n   */\n  a: 1;\n}\n',
      ['a.ts:2: a doc comment that begins with Whether'],
    ],
    ['a.ts', '/** How long it takes. */\n', ['a.ts:1: a doc comment that begins with How']],
    ['a.md', '# A\n\nThe log tells\nof it.\n', ['a.md:3: tells of']],
  ])('finds the words in %s: %j', (file, text, expected) => {
    expect(violations(file, text)).toEqual(expected);
  });

  it.each([
    ['a.ts', '// What a line comment begins with is free.\n'],
    ['a.ts', '/** True if a is recommended or amended. */\n'],
    ['a.ts', '/** Whatever the sender writes. However long it takes. */\n'],
    ['a.ts', 'const mended = alike.borne;\n'],
    ['a.ts', 'const a = /mend|alike/;\n'],
    ['a.ts', 'const a = b / c; // d / e\n'],
    ['a.md', 'The queue maybe ituses. A summary tells the reader everything.\n'],
  ])('accepts %s: %j', (file, text) => {
    expect(violations(file, text)).toEqual([]);
  });
});
