import type { IncludeNode, ProgramNode } from './ast.js';
import { IdlError } from './errors.js';
import type { IdlFiles } from './idl-files.js';
import { parseIdl } from './parse-idl.js';
import { type MissingInclude, type Program, programIds, programName } from './program.js';
import { errorAt, type Source } from './source.js';

/**
 * Limits the length of a chain of includes. The limit rejects runaway generated files before the
 * stack overflows.
 */
const MAX_INCLUDE_DEPTH = 500;

interface ParsedFile {
  readonly source: Source;
  readonly ast: ProgramNode;
}

/**
 * Reads and parses a file and everything it includes, each file once.
 *
 * @returns the programs in the order in which they were read, the root first
 * @throws IdlError for a syntax error in any of the files, `include-cycle`, `file-unreadable`
 */
export function loadPrograms(
  files: IdlFiles,
  root: string,
  rootText: string,
  allowNegativeFieldIds: boolean,
): [Program, ...Program[]] {
  const parsed = new Map<string, ParsedFile>();
  const chain: string[] = [];

  const visit = (source: Source, parse: (source: Source) => ProgramNode): void => {
    const { file } = source;
    const ast = parse(source);
    parsed.set(file, { source, ast });
    chain.push(file);
    for (const include of ast.includes) {
      const target = files.find(include.path, file);
      if (target === undefined) continue;
      checkChain(source, include, target);
      if (parsed.has(target)) continue;
      visit(sourceOf(target, files.read(target)), (included) => parseIncluded(included, source, include));
    }
    chain.pop();
  };

  const sourceOf = (file: string, text: string): Source => ({ file, label: files.label(file), text });
  const parseFile = (source: Source): ProgramNode => parseIdl(source, allowNegativeFieldIds);

  /**
   * Hides the content of an included file that fails to parse and is not named `.thrift`. An
   * include may name any file, including a file of secrets.
   */
  const parseIncluded = (source: Source, from: Source, include: IncludeNode): ProgramNode => {
    try {
      return parseFile(source);
    } catch (error) {
      if (!(error instanceof IdlError) || source.file.endsWith('.thrift')) throw error;
      const message = `${source.label} is not an IDL: see its line ${error.line}; only lines of .thrift files are shown`;
      throw errorAt(from, include.at, error.code, message);
    }
  };

  const checkChain = (source: Source, include: IncludeNode, target: string): void => {
    const start = chain.indexOf(target);
    if (start !== -1) {
      const cycle = [...chain.slice(start), target].map((file) => files.label(file)).join(' -> ');
      throw errorAt(source, include.at, 'include-cycle', `files include one another: ${cycle}`);
    }
    if (chain.length >= MAX_INCLUDE_DEPTH) {
      throw errorAt(source, include.at, 'too-deep', `includes nested more than ${MAX_INCLUDE_DEPTH} deep`);
    }
  };

  visit(sourceOf(root, rootText), parseFile);
  return link(files, parsed);
}

function link(files: IdlFiles, parsed: ReadonlyMap<string, ParsedFile>): [Program, ...Program[]] {
  const ids = programIds([...parsed.keys()]);
  const programs = new Map<string, Program & { includes: Program[]; missing: MissingInclude[] }>();
  for (const [file, { source, ast }] of parsed) {
    const id = ids[programs.size] ?? '';
    programs.set(file, { name: programName(file), id, source, ast, includes: [], missing: [] });
  }
  for (const [file, program] of programs) {
    for (const { path } of program.ast.includes) {
      const target = programs.get(files.find(path, file) ?? '');
      if (target !== undefined) program.includes.push(target);
      else program.missing.push({ name: programName(path), path, tried: files.candidates(path, file) });
    }
  }
  const [root, ...others] = programs.values();
  if (root === undefined) throw new RangeError('no program was read');
  return [root, ...others];
}
