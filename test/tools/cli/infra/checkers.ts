import { execFileSync, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Template } from '#lib/tools/cli/infra/cloudformation.js';

const HERE = resolve('test/tools/cli/infra/checkers');
const ROOT = resolve('build/infra-checkers');
const PYTHON = join(ROOT, 'python', 'bin');

/** Installs the checkers if they are missing. Returns the reason if they cannot be had. */
export function whyNoCheckers(): string | undefined {
  const { status, stderr } = spawnSync('bash', [join(HERE, 'setup.sh')], { encoding: 'utf8' });
  return status === 0 ? undefined : stderr.trim() || 'test/tools/cli/infra/checkers/setup.sh failed';
}

/** Writes a file below the folder of the checkers, and returns its path. */
export function writeChecked(path: string, text: string): string {
  const file = join(ROOT, 'checked', path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
  return file;
}

/** A finding of cfn-lint. */
export interface LintFinding {
  readonly Filename: string;
  readonly Message: string;
}

/** Returns the findings of cfn-lint, warnings and remarks included. */
export function lintTemplates(files: readonly string[]): readonly LintFinding[] {
  const args = ['--format', 'json', '--include-checks', 'I', '--template', ...files];
  const { stdout, stderr } = spawnSync(join(PYTHON, 'cfn-lint'), args, { encoding: 'utf8' });
  if (stdout === '') throw new Error(`cfn-lint did not run: ${stderr}`);
  return JSON.parse(stdout) as readonly LintFinding[];
}

/** What Terraform finds in a module. */
export interface TerraformResult {
  readonly faults: unknown;
  /** Types of resources by their addresses. */
  readonly resources: Readonly<Record<string, string>>;
  readonly difference: string;
  readonly code: number;
}

/** Returns what Terraform finds in the modules of folders, in their order. */
export function checkTerraform(folders: readonly string[]): readonly TerraformResult[] {
  const script = join(HERE, 'terraform.py');
  const text = execFileSync(join(PYTHON, 'python'), ['-B', script, ...folders], { encoding: 'utf8' });
  const found = JSON.parse(text) as Record<string, TerraformResult>;
  return folders.map((folder) => found[folder]!);
}

/** Compiles stacks in strict mode, beside the AWS CDK. Throws if the compiler finds a fault. */
export function compileStacks(files: readonly string[]): void {
  const compilerOptions = {
    strict: true,
    module: 'nodenext',
    target: 'es2022',
    types: [],
    noUnusedLocals: true,
    noUnusedParameters: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
  };
  const config = writeChecked('tsconfig.json', JSON.stringify({ compilerOptions, files }));
  const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  execFileSync(process.execPath, [compiler, '-p', config], { stdio: 'inherit' });
}

/** Returns the templates that the CDK makes of compiled stacks, in their order. */
export function synthesize(modules: readonly string[]): readonly Template[] {
  const text = execFileSync(process.execPath, [join(HERE, 'synthesize.mjs'), ...modules], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 16_777_216,
  });
  return JSON.parse(text) as readonly Template[];
}
