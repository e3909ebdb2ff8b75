import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, it } from '@jest/globals';
import type { Template, TemplateResource } from '../../../../lib/tools/cli/infra/cloudformation.js';
import { describeReady } from '../../../interop/describe-ready.js';
import { CommandLine } from '../harness.js';
import { checkTerraform, compileStacks, lintTemplates, synthesize, whyNoCheckers, writeChecked } from './checkers.js';

const ACCOUNT = '111122223333';
const HEARD = {
  queue: 'backup',
  queuePrefix: 'staging-',
  topic: `arn:aws:sns:eu-west-1:${ACCOUNT}:backups`,
  alarms: { actions: [`arn:aws:sns:eu-west-1:${ACCOUNT}:on-call`] },
};
const FULL = {
  ...HEARD,
  pack: true,
  handlerTimeoutMs: 90_000,
  poisonPolicy: 'dead-letter',
  retry: { maxReceives: 6 },
  largePayloads: { bucket: 'staging-bodies', buckets: ['other-bodies'], prefix: 'calls/' },
  kmsKey: `arn:aws:kms:eu-west-1:${ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`,
};
type Case = readonly [name: string, options: object, ...flags: string[]];

const CASES: readonly Case[] = [
  ['plain', { queue: 'jobs' }],
  ['quiet', { queue: 'jobs', alarms: false }],
  // Begins an expression of HCL where a bare name is the first of an object.
  ['keyword', { queue: 'for' }, '--service', 'BackupQueue'],
  ['heard', HEARD],
  ['full', FULL],
];

const line = CommandLine.withoutSqs(process.cwd());

/** Returns the output for the IDL of the samples. */
async function infra(format: string, [name, options, ...flags]: Case): Promise<string> {
  const file = writeChecked(`${name}.json`, JSON.stringify(options));
  const given = ['--format', format, '--idl', 'idl', '--options', file, ...flags];
  const { status, stdout, stderr } = await line.run(['infra', ...given]);
  if (status !== 0) throw new Error(stderr);
  return `${stdout}\n`;
}

/** Writes the output for each case, and returns the files. */
async function written(format: string, fileOf: (name: string) => string): Promise<string[]> {
  const files: string[] = [];
  for (const each of CASES) files.push(writeChecked(fileOf(each[0]), await infra(format, each)));
  return files;
}

/** Writes the program of the page on infrastructure beside its stack. */
async function pageFiles(): Promise<string[]> {
  const page = readFileSync('docs/infrastructure.md', 'utf8');
  const [, options] = /```json\n([\s\S]*?)```/.exec(page)!;
  const [, program] = /```typescript\n\/\/ file: app\.ts\n([\s\S]*?)```/.exec(page)!;
  const stack = await infra('cdk', ['page', JSON.parse(options!) as object]);
  return [writeChecked('page/queues.ts', stack), writeChecked('page/app.ts', program!)];
}

/** Writes a file with a fault that a checker has to find. */
function faulty(path: string, text: string, find: string | RegExp, replace: string): string {
  const changed = text.replace(find, replace);
  expect(changed).not.toBe(text);
  return writeChecked(path, changed);
}

describeReady('the output of infra', whyNoCheckers(), () => {
  it('gives cfn-lint nothing to say about the template, and cfn-lint finds an attribute that is out of range', async () => {
    const files = await written('cloudformation', (name) => `${name}.template.json`);
    const text = readFileSync(files[0]!, 'utf8');
    const broken = faulty('broken.template.json', text, '"VisibilityTimeout": 30', '"VisibilityTimeout": 50000');
    const findings = lintTemplates([...files, broken]);
    expect(findings.filter(({ Filename }) => Filename !== broken)).toEqual([]);
    expect(findings.map(({ Message }) => Message)).toEqual([expect.stringContaining('50000')]);
  });

  it('loads in Terraform, in the form of terraform fmt, and Terraform finds another form and a missing bracket', async () => {
    const files = await written('terraform', (name) => `${name}/main.tf`);
    const texts = files.map((file) => readFileSync(file, 'utf8'));
    const broken = [
      faulty('indented/main.tf', texts[0]!, '\n  name', '\n    name'),
      faulty('open/main.tf', texts[0]!, /\}\s*$/, ''),
    ];
    const results = checkTerraform([...files, ...broken].map((file) => dirname(file)));
    for (const [at, text] of texts.entries()) {
      const addresses = [...text.matchAll(/^resource "(\w+)" "(\w+)"/gm)].map(([, type, id]) => `${type!}.${id!}`);
      expect(results[at]).toMatchObject({ faults: null, difference: '', code: 0 });
      expect(Object.keys(results[at]!.resources).sort()).toEqual(addresses.sort());
    }
    const [indented, open] = results.slice(-2);
    expect(indented).toMatchObject({ faults: null, code: 3 });
    expect(open!.faults).not.toBeNull();
  });

  it('compiles as a stack of the CDK, whose template has the resources of the one for CloudFormation', async () => {
    const files = await written('cdk', (name) => `${name}.ts`);
    compileStacks([...files, ...(await pageFiles())]);
    const templates = synthesize(files.map((file) => file.replace(/\.ts$/, '.js')));
    for (const [at, each] of CASES.entries()) {
      const own = JSON.parse(await infra('cloudformation', each)) as Template;
      expect(essence(templates[at]!)).toEqual(essence(own));
    }
  }, 120_000);
});

/** Properties that the CDK leaves at a default of CloudFormation, or sets to the default. */
const DEFAULTS: Readonly<Record<string, unknown>> = {
  Path: '/',
  ContentBasedDeduplication: false,
  RawMessageDelivery: false,
};

/** Returns the resources without what differs by nature: ids, their order, and defaults that only one side writes. */
function essence({ Resources }: Template): readonly string[] {
  const names = new Map(Object.entries(Resources).map(([id, each]) => [id, nameOf(each)]));
  return Object.values(Resources)
    .map(({ Type, DeletionPolicy, UpdateReplacePolicy, Properties }) =>
      JSON.stringify([Type, DeletionPolicy, UpdateReplacePolicy, plain(Properties, names)], undefined, 1),
    )
    .sort();
}

function nameOf({ Properties }: TemplateResource): string {
  return String(Properties['QueueName'] ?? Properties['Description'] ?? '');
}

/** Sorts properties, and turns references into the names of what they lead to. */
function plain(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((each) => plain(each, names));
  if (typeof value !== 'object' || value === null) return value;
  const object = value as Readonly<Record<string, unknown>>;
  const text = textOf(object, names);
  if (text !== undefined) return text;
  const entries = Object.entries(object).filter(
    ([name, each]) => !Object.hasOwn(DEFAULTS, name) || DEFAULTS[name] !== each,
  );
  return Object.fromEntries(
    entries.sort(([one], [other]) => one.localeCompare(other)).map(([name, each]) => [name, plain(each, names)]),
  );
}

/** Returns the text that a function of CloudFormation stands for. */
function textOf(object: Readonly<Record<string, unknown>>, names: ReadonlyMap<string, string>): string | undefined {
  if ('Fn::GetAtt' in object) {
    const [id, attribute] = object['Fn::GetAtt'] as [string, string];
    return `${names.get(id)!}.${attribute}`;
  }
  if ('Ref' in object) return names.get(object['Ref'] as string) ?? `\${${object['Ref'] as string}}`;
  if ('Fn::Sub' in object) return object['Fn::Sub'] as string;
  if (!('Fn::Join' in object)) return undefined;
  const [separator, parts] = object['Fn::Join'] as [string, readonly unknown[]];
  return parts.map((part) => String(plain(part, names))).join(separator);
}
