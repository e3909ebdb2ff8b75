import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

/** A statement of IAM, as far as JSON guarantees its form. */
interface Statement {
  readonly Effect?: unknown;
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Principal?: unknown;
}

interface Policy {
  readonly Version?: unknown;
  readonly Statement?: readonly Statement[];
}

/** A block of JSON, with the heading that it stands under and its first line. */
interface Block {
  readonly heading: string;
  readonly line: number;
  readonly text: string;
}

const PAGE = 'docs/deployment.md';
const page = readFileSync(PAGE, 'utf8');

/** The heading of the policy that the owner of a queue attaches to the queue. All others are for identities. */
const QUEUE_POLICY = 'Queues of another account';

/** The rows of the table in SECURITY.md that each policy of the page grants. */
const ROLES: Readonly<Record<string, readonly string[]>> = {
  Client: ['client'],
  Worker: ['worker'],
  'Worker, for bodies of several calls': ['worker', 'worker, for bodies of several calls'],
  "Worker with `poisonPolicy: 'dead-letter'`": ['worker', 'client', "worker with `poisonPolicy: 'dead-letter'`"],
  'Client with `largePayloads`': ['client with `largePayloads`'],
  'Worker with `largePayloads`': ['worker with `largePayloads`'],
  'Client with `topic`': ['client with `topic`'],
};

/** Returns the text of each heading, and of each block of JSON below it. */
function blocksOf(text: string): readonly Block[] {
  const blocks: Block[] = [];
  const headings = [...text.matchAll(/^#{1,6} (.+)$/gm)];
  for (const block of text.matchAll(/^```json\n([\s\S]*?)^```$/gm)) {
    const heading = headings.findLast(({ index }) => index < block.index)?.[1] ?? '';
    blocks.push({ heading, line: text.slice(0, block.index).split('\n').length + 1, text: block[1]! });
  }
  return blocks;
}

/** @throws Error the block is no JSON; names its line in the page */
function parse({ line, text }: Block): Policy {
  try {
    return JSON.parse(text) as Policy;
  } catch (cause) {
    throw new Error(`the block of JSON at ${PAGE}:${line} cannot be parsed`, { cause });
  }
}

function asList(value: string | readonly string[] | undefined): readonly string[] {
  return typeof value === 'string' ? [value] : (value ?? []);
}

function actionFaults({ Action, NotAction }: Statement): readonly string[] {
  const actions = [...asList(Action), ...asList(NotAction)];
  return [
    ...((Action === undefined) === (NotAction === undefined) ? ['not one of Action and NotAction'] : []),
    ...(actions.length === 0 ? ['no action'] : []),
    ...(new Set(actions).size < actions.length ? ['an action twice'] : []),
    ...actions.flatMap((action) => (/^(?:sqs|sns|s3|kms):[A-Z]\w+$/.test(action) ? [] : [`the action ${action}`])),
  ];
}

/** A resource has to be of a service that the actions belong to. */
function resourceFaults({ Action, NotAction, Resource }: Statement): readonly string[] {
  const resources = asList(Resource);
  const services = new Set([...asList(Action), ...asList(NotAction)].map((action) => action.split(':')[0]));
  return [
    ...(resources.length === 0 ? ['no Resource'] : []),
    ...resources.flatMap((arn) => (services.has(/^arn:aws:(\w+):/.exec(arn)?.[1]) ? [] : [`the resource ${arn}`])),
  ];
}

/** The keys that a statement of a policy for identities may have. */
const KEYS = ['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'Condition'];
/** Largest number of actions in a statement of a queue's policy, as SQS documents it. */
const MOST_ACTIONS = 7;

/** Says what IAM would refuse in a statement, or what this library has no use for. */
function statementFaults(statement: Statement, isForQueue: boolean): readonly string[] {
  const { Effect, Action, Principal } = statement;
  const keys = [...KEYS, ...(isForQueue ? ['Principal'] : [])];
  return [
    ...Object.keys(statement).flatMap((key) => (keys.includes(key) ? [] : [`the key ${key}`])),
    ...(Effect === 'Allow' || Effect === 'Deny' ? [] : ['no Effect']),
    ...actionFaults(statement),
    ...resourceFaults(statement),
    ...(isForQueue && asList(Action).length > MOST_ACTIONS ? ['too many actions'] : []),
    ...(isForQueue && Principal === undefined ? ['no Principal'] : []),
  ];
}

/** Says what is wrong with a policy, each fault with the number of its statement. */
function faultsOf({ Version, Statement = [] }: Policy, isForQueue = false): readonly string[] {
  return [
    ...(Version === '2012-10-17' ? [] : ['another Version']),
    ...(Statement.length === 0 ? ['no Statement'] : []),
    ...Statement.flatMap((one, at) => statementFaults(one, isForQueue).map((fault) => `statement ${at + 1}: ${fault}`)),
  ];
}

function actionsOf(statements: readonly Statement[]): readonly string[] {
  return [...new Set(statements.flatMap(({ Action }) => asList(Action)))].sort();
}

/** Reads the table of a section: the actions of each role. */
function tableOf(text: string, section: string): ReadonlyMap<string, readonly string[]> {
  const [, body = ''] = text.split(`\n## ${section}\n`);
  const rows = [...body.split('\n## ')[0]!.matchAll(/^\| (.+?) \| (.+) \|$/gm)].slice(1);
  return new Map(
    rows.map(([, who, actions]) => [who!, [...actions!.matchAll(/`(\w+:\w+)`/g)].map(([, name]) => name!)]),
  );
}

const blocks = blocksOf(page);
const policies = blocks.map((block) => ({ heading: block.heading, policy: parse(block) }));
const table = tableOf(readFileSync('SECURITY.md', 'utf8'), 'Least privilege');

function statementsUnder(heading: string): readonly Statement[] {
  return policies.filter((one) => one.heading === heading).flatMap(({ policy }) => policy.Statement ?? []);
}

function rowsOf(names: readonly string[]): readonly string[] {
  return [...new Set(names.flatMap((name) => table.get(name) ?? [`no row ${name}`]))].sort();
}

describe('the policies of the page on AWS', () => {
  it('are found, each under its heading', () => {
    expect(blocks.map(({ heading }) => heading)).toEqual([...Object.keys(ROLES), 'Operator', QUEUE_POLICY]);
  });

  it.each(blocks)('are policies that IAM accepts: $heading, line $line', (block) => {
    expect(faultsOf(parse(block), block.heading === QUEUE_POLICY)).toEqual([]);
  });

  it.each(Object.entries(ROLES))('grant exactly the actions of the table in SECURITY.md: %s', (heading, rows) => {
    expect(actionsOf(statementsUnder(heading))).toEqual(rowsOf(rows));
  });

  it('grant the actions of every row of that table, and no others', () => {
    expect([...new Set(Object.values(ROLES).flat())].sort()).toEqual([...table.keys()].sort());
    const granted = Object.keys(ROLES).flatMap(statementsUnder);
    expect(actionsOf(granted)).toEqual(rowsOf([...table.keys()]));
    expect(actionsOf(granted).length).toBeGreaterThanOrEqual(12);
  });

  it('grant a worker with dead letters no more than a worker on its queue, and a client on the other', () => {
    const [own, dead] = statementsUnder("Worker with `poisonPolicy: 'dead-letter'`");
    expect([own!.Resource, dead!.Resource]).toEqual([
      expect.stringMatching(/:staging-backup$/),
      `${String(own!.Resource)}-dlq`,
    ]);
    expect(actionsOf([own!])).toEqual(rowsOf(['worker']));
    expect(actionsOf([dead!])).toEqual(rowsOf(['client']));
  });

  it('grant actions on objects for objects, and the list of a bucket for the bucket itself', () => {
    const s3 = ['Client', 'Worker'].flatMap((who) => statementsUnder(`${who} with \`largePayloads\``));
    const areForObjects = s3.map(({ Resource }) => asList(Resource).every((arn) => arn.endsWith('/*')));
    expect(s3.map((one) => !actionsOf([one]).includes('s3:ListBucket'))).toEqual(areForObjects);
    expect(areForObjects).toEqual([true, true, false]);
  });

  it('grant an operator each action of SQS that the library asks for, but the purge', () => {
    const source = readFileSync('lib/carriers/sqs/to-queue-error.ts', 'utf8');
    const asked = new Set([...source.matchAll(/: '(sqs:\w+)'/g)].map(([, action]) => action!));
    expect(asked.delete('sqs:PurgeQueue')).toBe(true);
    expect(actionsOf(statementsUnder('Operator'))).toEqual([...asked].sort());
  });
});

describe('the check of the policies', () => {
  const good = { Effect: 'Allow', Action: ['sqs:SendMessage'], Resource: 'arn:aws:sqs:eu-west-1:111122223333:q' };
  const policy = (changes: object): Policy => ({ Version: '2012-10-17', Statement: [{ ...good, ...changes }] });

  it('accepts a good policy', () => {
    expect(faultsOf(policy({}))).toEqual([]);
    expect(faultsOf(policy({ Principal: '*' }), true)).toEqual([]);
  });

  it.each([
    [{ Effect: 'allow' }, 'no Effect'],
    [{ Action: undefined }, 'not one of Action and NotAction'],
    [{ NotAction: 'sqs:SendMessage' }, 'not one of Action and NotAction'],
    [{ Action: [] }, 'no action'],
    [{ Action: ['ec2:RunInstances', 'sqs:SendMessage'] }, 'the action ec2:RunInstances'],
    [{ Action: 'sqs:*' }, 'the action sqs:*'],
    [{ Action: ['sqs:SendMessage', 'sqs:SendMessage'] }, 'an action twice'],
    [{ Resource: undefined }, 'no Resource'],
    [{ Resource: 'arn:aws:sns:eu-west-1:111122223333:q' }, 'the resource arn:aws:sns:eu-west-1:111122223333:q'],
    [{ Principal: '*' }, 'the key Principal'],
    [{ Actions: 'sqs:SendMessage' }, 'the key Actions'],
  ])('finds the fault of %j: %s', (changes, fault) => {
    expect(faultsOf(policy(changes))).toContain(`statement 1: ${fault}`);
  });

  it('finds a policy without a version, without statements, or without a principal for a queue', () => {
    expect(faultsOf({ Statement: [] })).toEqual(['another Version', 'no Statement']);
    expect(faultsOf(policy({}), true)).toEqual(['statement 1: no Principal']);
  });

  it('reads blocks under their headings, and tables up to the next section', () => {
    const text =
      '# A\n## B\n```json\n{}\n```\n## C\n\n| who | actions |\n|---|---|\n| a | `sqs:A`, and `s3:B` |\n\n## D\n| b | `sqs:C` |\n';
    expect(blocksOf(text)).toEqual([{ heading: 'B', line: 4, text: '{}\n' }]);
    expect([...tableOf(text, 'C')]).toEqual([['a', ['sqs:A', 's3:B']]]);
  });
});

describe('the links of the pages on AWS and on local development', () => {
  const anchorsOf = (text: string): readonly string[] =>
    [...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading]) =>
      heading!
        .toLowerCase()
        .replaceAll(/[^\w\s-]/g, '')
        .replaceAll(' ', '-'),
    );

  it.each([PAGE, 'docs/local-development.md'])('lead to files and headings that exist: %s', (file) => {
    const text = readFileSync(file, 'utf8');
    const links = [...text.matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)];
    expect(links.length).toBeGreaterThanOrEqual(5);
    const broken = links.filter(([, path, anchor]) => {
      const target = path === '' ? file : join('docs', path!);
      if (!existsSync(target)) return true;
      return anchor !== undefined && !anchorsOf(readFileSync(target, 'utf8')).includes(anchor);
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });
});
