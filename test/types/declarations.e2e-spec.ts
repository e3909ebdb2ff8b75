import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';

/** A folder in which the build is an installed package, so that only package.json leads into it. */
const FOLDER = resolve('build', 'declarations');
const INSTALLED = join(FOLDER, 'node_modules', 'nestjs-sqs-thrift');

const OPTIONS: ts.CompilerOptions = {
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  target: ts.ScriptTarget.ES2022,
  strict: true,
  exactOptionalPropertyTypes: true,
  declaration: true,
  emitDeclarationOnly: true,
  skipLibCheck: true,
  types: ['node'],
};

/** Writes the declarations of a file. Returns them, and the faults of the compiler. */
function declarationsOf(file: string): { readonly text: string; readonly faults: readonly string[] } {
  const program = ts.createProgram([file], OPTIONS);
  const source = program.getSourceFile(file)!;
  let text = '';
  const { diagnostics } = program.emit(source, (_, written) => (text = written));
  const all = [...program.getSemanticDiagnostics(source), ...diagnostics];
  const faults = all.map(({ code, messageText }) => `TS${code} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`);
  return { text, faults };
}

describe('an application with declaration: true', () => {
  it('exports values of all public types without annotations', () => {
    rmSync(FOLDER, { recursive: true, force: true });
    mkdirSync(INSTALLED, { recursive: true });
    // Ends the scope of this package, in which its name leads back to the checkout.
    writeFileSync(join(FOLDER, 'package.json'), '{ "type": "module" }');
    cpSync('package.json', join(INSTALLED, 'package.json'));
    cpSync('dist', join(INSTALLED, 'dist'), {
      recursive: true,
      filter: (path) => !/dist\/cjs$|\.js(\.map)?$/.test(path),
    });
    cpSync(join('test', 'types', 'declarations', 'exports.ts'), join(FOLDER, 'exports.ts'));
    const { text, faults } = declarationsOf(join(FOLDER, 'exports.ts'));
    expect(faults).toEqual([]);
    const named = [...text.matchAll(/import\("([^"]+)"\)/g)].map(([, specifier]) => specifier!);
    const own = new Set(named.filter((specifier) => !/^(@|rxjs$)/.test(specifier)));
    expect([...own].sort()).toEqual(['', '/codec', '/idl', '/port'].map((subpath) => `nestjs-sqs-thrift${subpath}`));
  });
});
