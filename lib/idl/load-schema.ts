import { realpathSync } from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { types } from 'node:util';
import { booleanFault } from '../common/boolean-fault.js';
import { checkOptionNames, describeOption, type OptionNames } from '../common/option-names.js';
import { printable } from '../common/printable.js';
import { IdlError } from './errors.js';
import { diskFiles, type IdlFiles, memoryFiles } from './idl-files.js';
import { loadPrograms } from './load-programs.js';
import { SchemaCache } from './schema-cache.js';
import { resolveSchema } from './resolve-schema.js';
import type { Schema, ThriftService } from './schema.js';
import { findService } from './find-service.js';

/**
 * Options for parsing IDL from disk or memory.
 *
 * @publicApi
 */
export interface ParseOptions {
  /**
   * Sets the meaning of field ids of 0 and below. Default `false`: the field gets the next implicit
   * id, counted down from -1, as in Apache's compiler. `true` keeps the ids, as
   * `thrift --allow-neg-keys` does.
   * Use the setting that compiles the file on the other side, or the ids on the wire differ.
   */
  readonly allowNegativeFieldIds?: boolean | undefined;
}

/**
 * Options of {@link loadSchema}.
 *
 * @publicApi
 */
export interface LoadSchemaOptions extends ParseOptions {
  /**
   * Lists the folders, in order, for includes that are not beside the including file. Default:
   * none.
   */
  readonly includeDirs?: readonly string[] | undefined;
}

/**
 * Options of {@link loadSchemaFromText}.
 *
 * @publicApi
 */
export interface TextSchemaOptions extends ParseOptions {
  /**
   * Names the text in error messages. The base name becomes the name of the program. Default
   * `inline.thrift`.
   */
  readonly fileName?: string | undefined;
  /**
   * Maps names to the texts of included files. Names are relative to `fileName` or as written in
   * `include`.
   */
  readonly includes?: Readonly<Record<string, string>> | ReadonlyMap<string, string> | undefined;
}

const PARSE_NAMES = { allowNegativeFieldIds: true } satisfies OptionNames<ParseOptions>;

const LOAD_NAMES = { ...PARSE_NAMES, includeDirs: true } satisfies OptionNames<LoadSchemaOptions>;

const TEXT_NAMES = { ...PARSE_NAMES, fileName: true, includes: true } satisfies OptionNames<TextSchemaOptions>;

const cache = new SchemaCache();

/**
 * Reads an IDL file and all its includes from disk. Returns the same schema for the same file and
 * options, until the text of a file changes. Remembers 64 schemas.
 *
 * @param file a path, relative to the current directory, or a `file:` URL
 * @throws IdlError `file-not-found` for a missing file, and for any mistake in the IDL
 * @throws TypeError an option is unknown or not acceptable, or the file is no path
 * @publicApi
 */
export function loadSchema(file: string | URL, options: LoadSchemaOptions = {}): Schema {
  return load(file, checkOptionNames('loadSchema', options, LOAD_NAMES), false);
}

/**
 * Reads an IDL file as {@link loadSchema} does, for code that holds every i64 in a number.
 *
 * @throws IdlError `bad-constant` for an i64 beyond ±(2^53 - 1) in a constant or a default
 */
export function loadSchemaForNumbers(file: string, options: LoadSchemaOptions = {}): Schema {
  return load(file, options, true);
}

function load(file: string | URL, options: LoadSchemaOptions, forNumbers: boolean): Schema {
  const { includeDirs = [], allowNegativeFieldIds = false } = options;
  checkFlag(allowNegativeFieldIds);
  checkFolders(includeDirs);
  const real = realFile(pathOf(file));
  // Paths in errors are relative to the current directory.
  const folders = includeDirs.map((folder) => path.resolve(folder));
  const key = JSON.stringify([real, folders, allowNegativeFieldIds, forNumbers, process.cwd()]);
  return cache.get(key, diskFiles(includeDirs), (files) => build(files, real, files.read(real), options, forNumbers));
}

/**
 * Parses IDL held in memory into a schema.
 *
 * @throws IdlError for any mistake in the IDL
 * @throws TypeError an option is unknown or not acceptable, or the text is no text
 * @publicApi
 */
export function loadSchemaFromText(text: string, options: TextSchemaOptions = {}): Schema {
  const given = checkOptionNames('loadSchemaFromText', options, TEXT_NAMES);
  const { includes = {}, fileName = 'inline.thrift', allowNegativeFieldIds = false } = given;
  checkFlag(allowNegativeFieldIds);
  checkText('the IDL', text);
  checkText('fileName', fileName);
  const texts = textsOf(includes);
  // A file that includes itself must be reported as a cycle, not as a missing file.
  texts.set(fileName, text);
  return build(memoryFiles(texts), fileName, text, options);
}

/** @throws TypeError the includes are no texts by name */
function textsOf(includes: NonNullable<TextSchemaOptions['includes']>): Map<string, string> {
  const isMap = types.isMap(includes);
  if (typeof includes !== 'object' || includes === null || (!isMap && Symbol.iterator in includes)) {
    throw new TypeError(`includes must be an object or a Map, got ${describeOption(includes)}`);
  }
  const texts = new Map(isMap ? includes : Object.entries(includes));
  for (const [name, text] of texts) checkText(`includes[${printable(String(name))}]`, text);
  return texts;
}

function checkText(name: string, text: unknown): void {
  if (typeof text !== 'string') throw new TypeError(`${name} must be text, got ${describeOption(text)}`);
}

function checkFolders(folders: unknown): void {
  if (Array.isArray(folders) && folders.every((folder) => typeof folder === 'string')) return;
  throw new TypeError(`includeDirs must be an array of folders, got ${describeOption(folders)}`);
}

function checkFlag(allowNegativeFieldIds: boolean): void {
  const fault = booleanFault('allowNegativeFieldIds', allowNegativeFieldIds);
  if (fault !== undefined) throw new TypeError(fault);
}

/** @throws TypeError the file is neither a path nor a `file:` URL */
function pathOf(file: string | URL): string {
  if (typeof file === 'string') return file;
  const url = (file as URL | undefined)?.href;
  if (typeof url === 'string' && url.startsWith('file:')) return fileURLToPath(url);
  const got = typeof url === 'string' ? `the URL ${printable(url)}` : describeOption(file);
  throw new TypeError(`loadSchema: the file must be a path or a file: URL, got ${got}`);
}

function build(files: IdlFiles, root: string, text: string, options: ParseOptions, forNumbers = false): Schema {
  return resolveSchema(loadPrograms(files, root, text, options.allowNegativeFieldIds ?? false), forNumbers);
}

function realFile(file: string): string {
  const absolute = path.resolve(file);
  try {
    return realpathSync(absolute);
  } catch (cause) {
    throw new IdlError(
      'file-not-found',
      `cannot find the IDL file ${absolute} (given as ${printable(file)}, current directory ${process.cwd()}). ` +
        'Relative paths start at the current directory: give an absolute path or a file: URL if the process is started elsewhere, ' +
        'and check that the build copies .thrift files ("assets" in nest-cli.json).',
      { file: absolute, cause },
    );
  }
}

/**
 * Loads one service from an IDL file: the contract for a server or client. Returns the same service
 * for the same file, name and options, until the text of a file changes.
 *
 * @param file a path, relative to the current directory, or a `file:` URL
 * @param name the name of the service in the IDL
 * @throws IdlError `file-not-found`, `unknown-service`, and for any mistake in the IDL
 * @publicApi
 */
export function loadService(file: string | URL, name: string, options: LoadSchemaOptions = {}): ThriftService {
  return findService(loadSchema(file, options), name);
}
