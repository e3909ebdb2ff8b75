import { realpathSync } from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { IdlError } from './errors.js';
import { diskFiles, type IdlFiles, memoryFiles } from './idl-files.js';
import { loadPrograms } from './load-programs.js';
import { resolveSchema } from './resolve-schema.js';
import type { Schema, ThriftService } from './schema.js';
import { findService } from './find-service.js';

/** How IDL is read, wherever it comes from. */
export interface ParseOptions {
  /**
   * What field ids of 0 and below mean. Default `false`: like no id at all, so that the field gets the next implicit id, counted down
   * from -1; that is what Apache's compiler does on its own. `true`: they are kept, as by `thrift --allow-neg-keys`.
   * Set it the way the other side compiles the file, or the ids on the wire differ.
   */
  readonly allowNegativeFieldIds?: boolean;
}

/** Options of {@link loadSchema}. */
export interface LoadSchemaOptions extends ParseOptions {
  /** Folders in which includes are looked up when they are not beside the including file, in order. Default: none. */
  readonly includeDirs?: readonly string[];
}

/** Options of {@link loadSchemaFromText}. */
export interface TextSchemaOptions extends ParseOptions {
  /** The name in messages, whose base is the name of the program. Default `inline.thrift`. */
  readonly fileName?: string;
  /** The texts of the included files by name, relative to `fileName` or as written in `include`. */
  readonly includes?: Readonly<Record<string, string>> | ReadonlyMap<string, string>;
}

/**
 * Reads an IDL file and all it includes from disk.
 *
 * @param file a path, relative to the current directory, or a `file:` URL
 * @throws IdlError `file-not-found` for a missing file, and for any mistake in the IDL
 */
export function loadSchema(file: string | URL, options: LoadSchemaOptions = {}): Schema {
  const files = diskFiles(options.includeDirs ?? []);
  const real = realFile(typeof file === 'string' ? file : fileURLToPath(file));
  return build(files, real, files.read(real), options);
}

/**
 * The same for IDL held in memory.
 *
 * @throws IdlError for any mistake in the IDL
 */
export function loadSchemaFromText(text: string, options: TextSchemaOptions = {}): Schema {
  const { includes = {}, fileName = 'inline.thrift' } = options;
  const texts = new Map(includes instanceof Map ? includes : Object.entries(includes as Record<string, string>));
  // A file may name itself in an include: that is a cycle, not a missing file.
  texts.set(fileName, text);
  return build(memoryFiles(texts), fileName, text, options);
}

function build(files: IdlFiles, root: string, text: string, options: ParseOptions): Schema {
  return resolveSchema(loadPrograms(files, root, text, options.allowNegativeFieldIds ?? false));
}

function realFile(file: string): string {
  const absolute = path.resolve(file);
  try {
    return realpathSync(absolute);
  } catch (cause) {
    throw new IdlError(
      'file-not-found',
      `cannot find the IDL file ${absolute} (given as "${file}", current directory ${process.cwd()}). ` +
        'Relative paths start at the current directory: give an absolute path or a file: URL if the process is started elsewhere, ' +
        'and see that the build copies .thrift files to where they are read ("assets" in nest-cli.json).',
      { file: absolute, cause },
    );
  }
}

/**
 * Reads an IDL file and takes one service from it: the contract that a server or client is given.
 *
 * @param file a path, relative to the current directory, or a `file:` URL
 * @param name the name of the service in the IDL
 * @throws IdlError `file-not-found`, `unknown-service`, and for any mistake in the IDL
 */
export function loadService(file: string | URL, name: string, options: LoadSchemaOptions = {}): ThriftService {
  return findService(loadSchema(file, options), name);
}
