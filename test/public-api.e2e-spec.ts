import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';

/** Files of the entry points, by subpath. */
const ENTRIES: Readonly<Record<string, string>> = {
  '.': 'lib/index.ts',
  './codec': 'lib/codec.ts',
  './health': 'lib/health.ts',
  './http': 'lib/http.ts',
  './idl': 'lib/idl.ts',
  './lambda': 'lib/lambda.ts',
  './opentelemetry': 'lib/opentelemetry.ts',
  './port': 'lib/port.ts',
  './prometheus': 'lib/prometheus.ts',
  './socket': 'lib/socket.ts',
  './starling': 'lib/starling.ts',
  './terminus': 'lib/terminus.ts',
  './testing': 'lib/testing.ts',
};

/** Largest number of names that the package itself exports. */
const MOST_AT_ROOT = 50;

const TAG = '@publicApi';

function parsed(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
}

/** Returns the files that an entry point takes its names from, by name. */
function exportsOf(entry: string): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const statement of parsed(entry).statements) {
    if (!ts.isExportDeclaration(statement) || !statement.moduleSpecifier || !statement.exportClause) {
      throw new Error(`${entry} holds more than "export { … } from": ${statement.getText().slice(0, 80)}`);
    }
    const { text } = statement.moduleSpecifier as ts.StringLiteral;
    const from = join(dirname(entry), text.replace(/\.js$/, '.ts'));
    for (const { name, propertyName } of (statement.exportClause as ts.NamedExports).elements) {
      if (propertyName) throw new Error(`${entry} exports ${propertyName.text} under another name, ${name.text}`);
      names.set(name.text, from);
    }
  }
  return names;
}

const entries = Object.values(ENTRIES).map((file) => [file, exportsOf(file)] as const);

/** Returns the file that declares a name of an entry point. */
function homeOf(name: string, from: string): string {
  const next = entries.find(([file]) => file === from)?.[1].get(name);
  return next === undefined ? from : homeOf(name, next);
}

interface Declaration {
  readonly file: string;
  readonly name: string;
  readonly doc: string | undefined;
}

/** Returns the exported declarations of a file, with the last doc comment before each. */
function declarationsOf(file: string): Declaration[] {
  return parsed(file).statements.flatMap((statement) => {
    const isExported =
      ts.canHaveModifiers(statement) &&
      ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    if (!isExported) return [];
    const nodes = ts.isVariableStatement(statement)
      ? statement.declarationList.declarations
      : [statement as unknown as ts.NamedDeclaration];
    const doc = ts.getJSDocCommentsAndTags(statement).filter(ts.isJSDoc).at(-1)?.getText();
    return nodes.map((node) => ({ file, name: (node.name as ts.Identifier).text, doc }));
  });
}

const files = readdirSync('lib', { recursive: true, encoding: 'utf8' })
  .map((path) => join('lib', path))
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts') && !Object.values(ENTRIES).includes(path));
const declarations = files.flatMap(declarationsOf);
const published = new Set(
  entries.flatMap(([, names]) => [...names].map(([name, from]) => `${homeOf(name, from)} ${name}`)),
);
const isPublished = ({ file, name }: Declaration): boolean => published.has(`${file} ${name}`);
const keyOf = ({ file, name }: Declaration): string => `${file} ${name}`;

describe('the public API', () => {
  it('has the entry points that package.json names', () => {
    const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
      exports: object;
      typesVersions: { '*': object };
    };
    const subpaths = Object.keys(manifest.exports).filter((subpath) => subpath !== './package.json');
    expect(subpaths.sort()).toEqual(Object.keys(ENTRIES).sort());
    expect(['.', ...Object.keys(manifest.typesVersions['*']).map((name) => `./${name}`)].sort()).toEqual(
      subpaths.sort(),
    );
  });

  it(`exports at most ${MOST_AT_ROOT} names from the package itself`, () => {
    expect(exportsOf(ENTRIES['.']!).size).toBeLessThanOrEqual(MOST_AT_ROOT);
  });

  it('gives a name one meaning in all entry points', () => {
    const homes = new Map<string, Set<string>>();
    for (const [name, from] of entries.flatMap(([, names]) => [...names])) {
      homes.set(name, (homes.get(name) ?? new Set()).add(homeOf(name, from)));
    }
    expect([...homes].filter(([, { size }]) => size > 1)).toEqual([]);
  });

  it('exports only what a file of lib declares', () => {
    const declared = new Set(declarations.map(keyOf));
    expect(published.size).toBeGreaterThan(100);
    expect([...published].filter((key) => !declared.has(key))).toEqual([]);
  });

  it(`documents each exported declaration, with ${TAG} as the last line`, () => {
    const wrong = declarations.filter((one) => isPublished(one) && !/\n \* @publicApi\n \*\/$/.test(one.doc ?? ''));
    expect(wrong.map(keyOf)).toEqual([]);
    const empty = declarations.filter((one) => isPublished(one) && !/^\/\*\*\n \* [A-Z`{]/.test(one.doc ?? ''));
    expect(empty.map(keyOf)).toEqual([]);
  });

  it(`marks no other declaration with ${TAG}`, () => {
    const marked = declarations.filter((one) => !isPublished(one) && one.doc?.includes(TAG));
    expect(marked.map(keyOf)).toEqual([]);
    const tags = files.flatMap((file) => readFileSync(file, 'utf8').match(/@publicApi/g) ?? []);
    expect(tags.length).toBe(published.size);
  });
});
