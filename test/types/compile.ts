import { readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import ts from 'typescript';
import { generateModules } from '#lib/tools/generate/generate-modules.js';
import { optionChecks } from './option-checks.js';

const FOLDER = resolve('test', 'types', 'cases');
const GENERATED = join(FOLDER, 'generated');

/** Stands for the AWS SDK, whose hundreds of files take most of the time. No case uses its types. */
const AWS_STUB = join(GENERATED, 'aws-stub.ts');

/** Holds the cases of {@link optionChecks}. */
const OPTIONS = join(GENERATED, 'options.ts');

/** Holds one case: a documented statement of a file, with its markers and its diagnostics. */
export interface CompileCase {
  /** Completes the sentence "The compiler …". */
  readonly title: string;
  /** The lines that must not compile: `TS2345 part of the message`, by line. */
  readonly expected: ReadonlyMap<number, string>;
  /** The messages of the compiler, by line. */
  readonly found: ReadonlyMap<number, string>;
}

/**
 * Compiles the files of `cases/` beside the modules of their IDL, which exist only in memory. A
 * comment `//! TS2345 text` expects an error in the line below. Returns the cases of all files, and
 * those of {@link optionChecks}.
 */
export function compileCases(): readonly CompileCase[] {
  const modules = generateModules(['idl/backup.thrift', join(FOLDER, 'services.thrift')]);
  const texts = new Map(modules.map(({ path, text }) => [join(GENERATED, basename(path)), text]));
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.ts'));
  const options = compilerOptions();
  const given = new Map([
    [AWS_STUB, 'export {};'],
    [OPTIONS, optionChecks()],
  ]);
  const paths = [...files.map((name) => join(FOLDER, name)), OPTIONS];
  const program = ts.createProgram({
    rootNames: paths,
    options,
    host: hostWith(new Map([...texts, ...given]), options),
  });
  for (const path of texts.keys()) {
    const faults = program.getSemanticDiagnostics(program.getSourceFile(path));
    if (faults.length > 0) throw new Error(`${path} does not compile: ${messageOf(faults[0]!)}`);
  }
  return paths.flatMap((path) => casesOf(program, program.getSourceFile(path)!));
}

function compilerOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile('tsconfig.json', (path) => ts.sys.readFile(path)) as {
    config: { compilerOptions: Record<string, unknown> };
  };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, resolve('.'));
  const paths = { ...options.paths, '@aws-sdk/*': [AWS_STUB] };
  return { ...options, paths, noUnusedLocals: false, noUnusedParameters: false };
}

function hostWith(texts: ReadonlyMap<string, string>, options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  return {
    ...host,
    // The resolution of modules asks for the folder before it asks for the file.
    directoryExists: (path) => path === GENERATED || ts.sys.directoryExists(path),
    fileExists: (path) => texts.has(path) || host.fileExists(path),
    readFile: (path) => texts.get(path) ?? host.readFile(path),
    getSourceFile: (path, version) => {
      const text = texts.get(path) ?? host.readFile(path);
      return text === undefined ? undefined : ts.createSourceFile(path, text, version);
    },
  };
}

function casesOf(program: ts.Program, source: ts.SourceFile): CompileCase[] {
  const lines = source.text.split('\n');
  const diagnostics = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
  const lineOf = (at: number): number => source.getLineAndCharacterOfPosition(at).line + 1;
  const found = new Map<number, string>(diagnostics.map((one) => [lineOf(one.start ?? 0), messageOf(one)]));
  const starts = lines.flatMap((text, at) => {
    const title = /^\/\*\* (.*) \*\/$/.exec(text)?.[1];
    return title === undefined ? [] : [{ title, line: at + 1 }];
  });
  const within = (from: number, to: number) => new Map([...found].filter(([line]) => line > from && line < to));
  const head = within(0, starts[0]?.line ?? Infinity);
  if (head.size > 0) throw new Error(`${source.fileName}: ${[...head.values()].join('\n')}`);
  return starts.map(({ title, line }, at) => {
    const end = starts[at + 1]?.line ?? Infinity;
    return { title, expected: markers(lines, line, end), found: within(line, end) };
  });
}

function markers(lines: readonly string[], from: number, to: number): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  for (const [at, text] of lines.entries()) {
    const marker = /^\s*\/\/! (.*)$/.exec(text)?.[1];
    if (marker !== undefined && at + 1 > from && at + 1 < to) found.set(at + 2, marker);
  }
  return found;
}

function messageOf({ code, messageText }: ts.Diagnostic): string {
  return `TS${code} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
}
