import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseSync } from '@swc/core';

/** Words that an earlier version invented, with the field's word that replaces each. */
const REPLACED: Readonly<Record<string, string>> = {
  Room: 'ConcurrencyLimit',
  seats: 'slots',
  Permits: 'Semaphore',
  permits: 'semaphore',
  allHome: 'whenIdle',
  Lanes: 'MessageGroups',
  FailedHeads: 'MessageGroups',
  VisibilityKeeper: 'VisibilityExtender',
  keeper: 'extender',
  StallWatch: 'StallDetector',
  Handle: 'DeliveryHandler',
  Dispatch: 'CallHandler',
  stages: 'middleware',
  runOnce: 'skipDuplicates',
  keepVisible: 'extendVisibility',
  settleErrors: 'mapError',
  Verdict: 'HandlerDecision',
  verdict: 'decision',
  Judgement: 'FailureDecision',
  judgement: 'decision',
  Ending: 'SettlementResult',
  Told: 'ReportedSettlement',
  Outbox: 'SendBuffer',
  outbox: 'sendBuffer',
  CallOutbox: 'CallBuffer',
  Letter: 'PendingCall',
  Parcel: 'OutgoingMessage',
  parcel: 'outgoing',
  Pack: 'SharedBody',
  Packer: 'CallPacker',
  WaitingLine: 'PendingEntries',
  Outage: 'CircuitBreaker',
  Pacer: 'AdaptiveRateLimiter',
  pacer: 'rateLimiter',
  Observer: 'EventSink',
  observe: 'report',
  SendPort: 'MessageSender',
  Outcome: 'EntryResult',
  SendOutcome: 'SendResult',
  remove: 'acknowledge',
  hide: 'release or extend',
  HideEntry: 'LeaseExtension',
  Features: 'QueueFeatures',
  Begun: 'ClaimResult',
  Classify: 'ErrorClassifier',
  classify: 'classifyError',
  ClientThriftQueue: 'BaseThriftClient',
  ServerThriftQueue: 'BaseThriftServer',
  ClientThriftQueueOptions: 'BaseThriftClientOptions',
  ServerThriftQueueOptions: 'BaseThriftServerOptions',
  readStructure: 'decodeUntyped',
  MessageStructure: 'UntypedMessage',
  Patience: 'retry options',
  patience: 'retry options',
  Tally: 'MoveReport',
  tally: 'moveReport',
  LeftBehind: 'RemainingMessages',
  leftBehind: 'remainingMessages',
  looksLeft: 'receivesLeft',
  handBack: 'release',
  giveBack: 'release',
  KeepErrorFilter: 'RethrowErrorFilter',
  poison: 'poisonPolicy',
  giveUpAfterMs: 'deliveryTimeoutMs',
};

/** Options that were renamed; as other names their words are fine. */
const OPTIONS: Readonly<Record<string, string>> = {
  start: 'onQueueMissing',
  handlers: 'onUnhandledMethod',
  queues: 'queueNames',
};

/** Declarations and files in which one of these words has another, ordinary meaning. */
const ORDINARY = new Set([
  // A return type in the grammar of the IDL.
  'lib/idl/parse-service.ts Outcome',
  // The verb: a benchmark bears the name of its question.
  'bench/handle.ts',
]);

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.includes('node_modules'))
    .map((path) => join(folder, path));
}

type Node = Readonly<Record<string, unknown>>;

interface Named {
  readonly file: string;
  readonly name: string;
}

/** The names of a file. */
interface Names {
  /** Every identifier, but for properties of other objects that are only read. */
  readonly used: readonly Named[];
  readonly exported: readonly Named[];
  /** The properties of interfaces whose names end in `Options`. */
  readonly options: readonly Named[];
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null;
}

function nameOf(node: unknown): string | undefined {
  return isNode(node) && node['type'] === 'Identifier' ? String(node['value']) : undefined;
}

/** The names that a declaration makes: one, or those of its variables. */
function declaredNames(declaration: Node): readonly (string | undefined)[] {
  if (declaration['type'] !== 'VariableDeclaration') return [nameOf(declaration['identifier'] ?? declaration['id'])];
  return (declaration['declarations'] as readonly Node[]).map(({ id }) => nameOf(id));
}

function optionNames({ id, body }: Node): readonly (string | undefined)[] {
  if (!nameOf(id)?.endsWith('Options')) return [];
  return ((body as Node)['body'] as readonly Node[]).map(({ key }) => nameOf(key));
}

function namesOf(file: string): Names {
  const names = { used: [] as Named[], exported: [] as Named[], options: [] as Named[] };
  const add = (list: Named[], found: readonly (string | undefined)[]): void => {
    for (const name of found) if (name !== undefined) list.push({ file, name });
  };
  const visit = (node: unknown): void => {
    if (!isNode(node)) return;
    add(names.used, [nameOf(node)]);
    if (node['type'] === 'ExportDeclaration') add(names.exported, declaredNames(node['declaration'] as Node));
    if (node['type'] === 'TsInterfaceDeclaration') add(names.options, optionNames(node));
    const foreign = node['type'] === 'MemberExpression' ? node['property'] : undefined;
    for (const child of Object.values(node)) if (child !== foreign || nameOf(child) === undefined) visit(child);
  };
  visit(parseSync(readFileSync(file, 'utf8'), { syntax: 'typescript', decorators: true }));
  return names;
}

const files = ['lib', 'sample', 'bench'].flatMap(filesBelow);
const names = files.map(namesOf);

/** `statusOf` and `status-of` as `status of`. */
function words(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase();
}

describe('the vocabulary', () => {
  it('has no name that the field has another word for', () => {
    const used = names.flatMap((each) => each.used);
    expect(used.length).toBeGreaterThan(10_000);
    const wrong = used.filter(({ file, name }) => Object.hasOwn(REPLACED, name) && !ORDINARY.has(`${file} ${name}`));
    expect(wrong.map(({ file, name }) => `${file}: ${name}; the field says ${REPLACED[name]}`)).toEqual([]);
  });

  it('names no file after a word that the field has another word for', () => {
    const replaced = new Set(Object.keys(REPLACED).map(words));
    const wrong = files.filter((file) => replaced.has(basename(file, '.ts')) && !ORDINARY.has(file));
    expect(wrong).toEqual([]);
  });

  it('has no option under an earlier name', () => {
    const options = names.flatMap((each) => each.options);
    expect(options.length).toBeGreaterThan(100);
    const wrong = options.filter(({ name }) => Object.hasOwn(REPLACED, name) || Object.hasOwn(OPTIONS, name));
    expect(wrong.map(({ file, name }) => `${file}: ${name}`)).toEqual([]);
  });

  it('exports each name from one file of lib, so that a name means one thing', () => {
    const homes = new Map<string, Set<string>>();
    for (const { file, name } of names.flatMap((each) => each.exported)) {
      if (file.startsWith('lib/')) homes.set(name, (homes.get(name) ?? new Set()).add(file));
    }
    expect(homes.size).toBeGreaterThan(400);
    const shared = [...homes].filter(([, places]) => places.size > 1);
    expect(shared.map(([name, places]) => `${name}: ${[...places].join(', ')}`)).toEqual([]);
  });
});
