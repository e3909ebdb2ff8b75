import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { generateModules, type GeneratedModule } from '../../generate/generate-modules.js';
import { PROTOCOLS } from '../../generate/generate-options.js';
import type { I64Mode } from '../../../thrift/compile/snippets.js';
import type { ProtocolName } from '../../../thrift/protocol.js';
import { CheckFailed } from '../exit.js';
import { print } from '../print.js';
import { addIdlFlags, type IdlFlags } from '../flags.js';

interface GenerateFlags extends IdlFlags {
  readonly out: string;
  readonly protocols: readonly ProtocolName[];
  readonly i64: I64Mode;
  readonly declareOnly?: true;
  readonly check?: true;
}

/** Adds `generate`, which writes TypeScript modules for IDL files and their includes. */
export function addGenerate(program: Command): void {
  const command = program
    .command('generate')
    .description('write a TypeScript module for each IDL file and each file it includes')
    .argument('<files...>', 'IDL files')
    .requiredOption('--out <folder>', 'folder of the modules, laid out like the IDL files')
    .option('--check', 'write nothing; fail and list the modules that are missing or out of date')
    .option('--declare-only', 'write only types, for services that are loaded at run time')
    .addOption(
      new Option('--protocols <names>', `protocols of the compiled codecs, comma-separated: ${PROTOCOLS.join(', ')}`)
        .default(['binary'], 'binary')
        .argParser(parseProtocols),
    )
    .addOption(new Option('--i64 <type>', 'type of an i64 on read').choices(['bigint', 'number']).default('bigint'));
  addIdlFlags(command)
    .addHelpText(
      'after',
      `
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
  const modules = generateModules(files, {
    protocols: flags.protocols,
    i64: flags.i64,
    declareOnly: flags.declareOnly ?? false,
    includeDirs: flags.includeDir ?? [],
    allowNegativeFieldIds: flags.allowNegKeys ?? false,
  });
  const states = modules.map((module) => ({
    module,
    file: join(flags.out, module.path),
    state: stateOf(flags.out, module),
  }));
  if (flags.check) {
    const wrong = states.filter(({ state }) => state !== 'unchanged');
    if (wrong.length > 0) throw new CheckFailed(wrong.map(({ file, state }) => `${state}: ${file}`).join('\n'));
    return print(false, modules.length, `${modules.length} modules are up to date`);
  }
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

/** Begins every generated module. */
const HEADER = '// Made by ';

/** Skips a file that has not changed, so that its time stays and no watcher wakes up. */
function stateOf(
  out: string,
  { path, text }: GeneratedModule,
): 'missing' | 'out of date' | 'not generated' | 'unchanged' {
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
