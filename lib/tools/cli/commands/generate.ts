import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { generateModules, type GeneratedModule } from '../../generate/generate-modules.js';
import {
  ENUM_FORMS,
  type EnumForm,
  type GenerateOptions,
  IMPORT_EXTENSIONS,
  type ImportExtension,
  PROTOCOLS,
} from '../../generate/generate-options.js';
import type { I64Mode } from '../../../thrift/compile/snippets.js';
import type { ProtocolName } from '../../../thrift/protocol.js';
import { CheckFailed } from '../exit.js';
import { addIdlFlags, type IdlFlags } from '../flags.js';
import { expandIdlArguments, IDL_FORMS, type IdlArguments } from '../idl-arguments.js';
import { HEADER, leftOverModules } from '../left-over.js';
import { note, print } from '../print.js';

interface GenerateFlags extends IdlFlags {
  readonly out: string;
  readonly protocols: readonly ProtocolName[];
  readonly i64: I64Mode;
  readonly enums: EnumForm;
  readonly importExtension: ImportExtension;
  readonly declareOnly?: true;
  readonly check?: true;
}

/** Adds `generate`, which writes TypeScript modules for IDL files and their includes. */
export function addGenerate(program: Command): void {
  const command = program
    .command('generate')
    .description('write a TypeScript module for each IDL file and each file it includes')
    .argument('<files...>', `IDL files: each ${IDL_FORMS}`)
    .requiredOption('--out <folder>', 'folder of the modules, laid out like the IDL files')
    .option('--check', 'write nothing; fail and list the modules that are missing or out of date')
    .option('--declare-only', 'write only types, for services that are loaded at run time')
    .addOption(
      new Option('--protocols <names>', `protocols of the compiled codecs, comma-separated: ${PROTOCOLS.join(', ')}`)
        .default(['binary'], 'binary')
        .argParser(parseProtocols),
    )
    .addOption(new Option('--i64 <type>', 'type of an i64 on read').choices(['bigint', 'number']).default('bigint'))
    .addOption(
      new Option('--enums <form>', 'TypeScript enums, or const objects for compilers with erasableSyntaxOnly')
        .choices(ENUM_FORMS)
        .default('enum'),
    )
    .addOption(
      new Option(
        '--import-extension <extension>',
        'extension in the imports between modules: "none" for bundlers and ts-jest, "ts" for programs run from source',
      )
        .choices(IMPORT_EXTENSIONS)
        .default('js'),
    );
  addIdlFlags(command)
    .addHelpText(
      'after',
      `
Types and constants cover all that a file declares. Codecs cover what its oneway methods reach.
A folder stands for the .thrift files in it and below. Of folders and patterns in quotes, such as 'idl/**/*.thrift', the command also
lists the generated modules in --out that no given file leads to.

Example:
  nestjs-sqs-thrift generate idl/*.thrift --out src/generated`,
    )
    .action((files: string[], flags: GenerateFlags) => generate(files, flags));
}

function parseProtocols(text: string): readonly ProtocolName[] {
  return text.split(',').map((name) => {
    const known = PROTOCOLS.find((protocol) => protocol === name.trim());
    if (known === undefined) throw new InvalidArgumentError(`The protocols are ${PROTOCOLS.join(', ')}.`);
    return known;
  });
}

async function generate(files: readonly string[], flags: GenerateFlags): Promise<void> {
  const given = expandIdlArguments(files);
  const modules = generateModules(given.files, optionsOf(flags, given));
  const states = modules.map((module) => ({
    module,
    file: join(flags.out, module.path),
    state: stateOf(flags.out, module),
  }));
  if (given.isExpanded) noteLeftOver(flags.out, modules);
  if (!flags.check) return write(states);
  const wrong = states.filter(({ state }) => state !== 'unchanged');
  if (wrong.length > 0) throw new CheckFailed(wrong.map(({ file, state }) => `${state}: ${file}`).join('\n'));
  return print(false, modules.length, `${modules.length} modules are up to date`);
}

function optionsOf(flags: GenerateFlags, { folders }: IdlArguments): GenerateOptions {
  return {
    protocols: flags.protocols,
    i64: flags.i64,
    declareOnly: flags.declareOnly ?? false,
    importExtension: flags.importExtension,
    enums: flags.enums,
    roots: folders,
    includeDirs: flags.includeDir ?? [],
    allowNegativeFieldIds: flags.allowNegKeys ?? false,
  };
}

interface ModuleState {
  readonly module: GeneratedModule;
  readonly file: string;
  readonly state: 'missing' | 'out of date' | 'not generated' | 'unchanged';
}

async function write(states: readonly ModuleState[]): Promise<void> {
  for (const { module, file, state } of states) {
    if (state === 'not generated') {
      throw new CheckFailed(
        `${file} was not written by this command, so it is not overwritten; move the file, or choose another --out`,
      );
    }
    if (state !== 'unchanged') {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, module.text);
    }
    await print(false, file, `${state === 'unchanged' ? 'unchanged' : 'written'}: ${file}`);
  }
}

function noteLeftOver(out: string, modules: readonly GeneratedModule[]): void {
  const files = leftOverModules(out, new Set(modules.map(({ path }) => path)));
  for (const file of files) note(false, `left over: ${file}; delete the file if its IDL is gone`);
}

/** Skips a file that has not changed, so that its time stays and no watcher wakes up. */
function stateOf(out: string, { path, text }: GeneratedModule): ModuleState['state'] {
  try {
    const found = readFileSync(join(out, path), 'utf8');
    // Git may have changed the line ends.
    if (found.replaceAll('\r\n', '\n') === text) return 'unchanged';
    return found.startsWith(HEADER) ? 'out of date' : 'not generated';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'missing';
    throw error;
  }
}
