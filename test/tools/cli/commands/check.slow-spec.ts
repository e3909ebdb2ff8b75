import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Finding } from '../../../../lib/tools/compat/finding.js';
import { freshFolder, writeFiles } from '../../generate/harness.js';
import { CommandLine, type Ended } from '../harness.js';

const SERVICE = 'service BackupQueue { oneway void startBackup(1: BackupRequest request) }';
const IDL = {
  'old.thrift': `include "base.thrift"
    enum State { STARTED = 1, DONE = 2 }
    struct BackupRequest { 1: required string id, 2: i32 size, 3: optional State state, 4: base.Folder folder }
    ${SERVICE}`,
  'new.thrift': `include "base.thrift"
    enum State { STARTED = 1, DONE = 2, FAILED = 3 }
    struct BackupRequest { 1: required string id, 2: i64 size, 3: optional State state, 4: base.Folder folder, 5: optional i32 part }
    ${SERVICE}`,
  'careful.thrift': `include "base.thrift"
    enum State { STARTED = 1, DONE = 2, FAILED = 3 }
    struct BackupRequest { 1: required string id, 2: i32 size, 3: optional State state, 4: base.Folder folder, 5: optional i64 bytes }
    ${SERVICE}`,
  'base.thrift': 'struct Folder { 1: string name }',
  'bad.thrift': 'struct BackupRequest { 1: Nothing x }',
  'two-old.thrift':
    'service A { oneway void f(1: i32 a), oneway void h() } service B { oneway void g(1: i32 a) } service Ask { i32 ask() }',
  'two-new.thrift':
    'service A { oneway void f(1: i32 a) } service B { oneway void g(1: i64 a) } service Ask { i64 ask() }',
  'ids-old.thrift': 'service A { oneway void f(-7: i32 a) }',
  'ids-new.thrift': 'service A { oneway void f(-8: i32 a) }',
  'away-old.thrift': 'include "away.thrift" service A { oneway void f(1: away.X x) }',
  'away-new.thrift': 'include "away.thrift" service A { oneway void f(1: away.X x) }',
  'more/away.thrift': 'struct X { 1: i32 a }',
  'none/x': '',
  'hostile.thrift': `service S {\toneway void f() (sqs.queue="q\u001b[2J\u009b31m\u202e\u2028") }`,
  'long.thrift': `const i64 A = ${'9'.repeat(500_000)}`,
  'reads.thrift': 'include "none/secrets"',
  'none/secrets': 'token:\u0000hunter2',
};

const CARE =
  'warning: State.FAILED (new.thrift): the number 3 is new: old consumers have no name for it. ' +
  'Roll out consumers before producers send the number.';
const BREAKS = [
  'breaking: BackupRequest.size (new.thrift): the type was i32 and is i64: each version rejects messages of the other version. ' +
    'Keep 2: i32 size, deprecated, and add a field with a new id, such as 6.',
  CARE,
  'ok: BackupRequest.part (new.thrift): the field is new: old consumers skip it, and new consumers read nothing from queued messages. ' +
    'Handlers must work without a value.',
  '1 breaking change, 1 warning, 1 change without effect in 1 oneway method',
];

const folder = freshFolder('check');
const line = CommandLine.withoutSqs(folder);
const check = (...args: readonly string[]): Promise<Ended> => line.run(['check', ...args]);

beforeAll(() => void writeFiles(folder, IDL));

describe('check', () => {
  it('prints one line for each change, breaking changes first, and exits with code 1', async () => {
    expect(await check('old.thrift', 'new.thrift')).toEqual({ status: 1, stdout: BREAKS.join('\n'), stderr: '' });
  });

  it('prints the same lines on a terminal as in a pipe', async () => {
    const { status, stdout } = await line.onTerminal(['check', 'old.thrift', 'new.thrift']);
    expect({ status, stdout: stdout.replaceAll('\r\n', '\n') }).toEqual({ status: 1, stdout: BREAKS.join('\n') });
  });

  it('exits with code 0 when the worst change is a warning', async () => {
    const { status, stdout, stderr } = await check('old.thrift', 'careful.thrift');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout.split('\n')).toEqual([
      CARE.replace('new.thrift', 'careful.thrift'),
      expect.stringContaining('ok: BackupRequest.bytes (careful.thrift): '),
      'nothing breaks, 1 warning, 1 change without effect in 1 oneway method',
    ]);
  });

  it('exits with code 0 when nothing has changed', async () => {
    const stdout = 'no change affects messages in 1 oneway method';
    expect(await check('new.thrift', 'new.thrift')).toEqual({ status: 0, stdout, stderr: '' });
  });

  it('prints the findings as JSON with --json and keeps the exit codes', async () => {
    const { status, stdout, stderr } = await check('old.thrift', 'new.thrift', '--json');
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
    const found = JSON.parse(stdout) as { findings: Finding[] };
    expect(found).toEqual({
      old: 'old.thrift',
      new: 'new.thrift',
      methods: ['BackupQueue.startBackup'],
      counts: { breaking: 1, warning: 1, ok: 1 },
      findings: [expect.anything(), expect.anything(), expect.anything()],
    });
    expect(found.findings[1]).toEqual({
      rule: 'enum-value-added',
      severity: 'warning',
      oldToNew: 'ok',
      newToOld: 'warning',
      place: 'State.FAILED',
      path: 'BackupQueue.startBackup.request.state',
      file: 'new.thrift',
      change: 'the number 3 is new: old consumers have no name for it',
      advice: 'roll out consumers before producers send the number',
    });
    expect(await check('old.thrift', 'old.thrift', '--json')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('"findings":[]'),
    });
  });

  it.each<[string, string[], number, (string | RegExp)[]]>([
    ['all services without --service', [], 1, [/^breaking: A\.h /, /^breaking: B\.g\.a /, '2 breaking changes, 0 warnings, 0 changes without effect in 3 oneway methods']],
    ['--service', ['--service', 'A'], 1, [/^breaking: A\.h /, '1 breaking change, 0 warnings, 0 changes without effect in 2 oneway methods']],
  ])('selects the compared services: %s', async (_, flags, status, lines) => {
    const result = await check('two-old.thrift', 'two-new.thrift', ...flags);
    expect(result.status).toBe(status);
    const printed = result.stdout.split('\n');
    expect(printed).toHaveLength(lines.length);
    for (const [at, line] of lines.entries()) expect(printed[at]).toMatch(line);
  }); // prettier-ignore

  it('compares negative field ids only with --allow-neg-keys', async () => {
    expect((await check('ids-old.thrift', 'ids-new.thrift')).status).toBe(0);
    const { status, stdout } = await check('ids-old.thrift', 'ids-new.thrift', '--allow-neg-keys');
    expect({ status, stdout }).toEqual({
      status: 1,
      stdout: expect.stringMatching(/^breaking: A\.f\.a .*the id was -7 and is -8/),
    });
  });

  it('accepts --include-dir more than once', async () => {
    const files = ['away-old.thrift', 'away-new.thrift'];
    expect((await check(...files)).status).toBe(1);
    expect(await check(...files, '--include-dir', 'none', '--include-dir', 'more')).toMatchObject({
      status: 0,
      stderr: '',
    });
  });

  it('prints the position of an IDL error and exits with code 1', async () => {
    expect(await check('old.thrift', 'bad.thrift')).toEqual({
      status: 1,
      stdout: '',
      stderr:
        'bad.thrift:1:27: unknown type "Nothing"\n  struct BackupRequest { 1: Nothing x }\n                            ^',
    });
  });

  it('escapes control characters in an IDL error and keeps the caret position', async () => {
    const { status, stderr } = await check('hostile.thrift', 'hostile.thrift');
    expect(status).toBe(1);
    expect(stderr).not.toMatch(/[^\P{C}\n\t]/u);
    expect(stderr).toContain('"q\\u001b[2J\\u009b31m\\u202e\\u2028" cannot be the name of a queue');
    expect(stderr.split('\n').at(-1)).toMatch(/^ +\t +\^$/);
  });

  it('cuts a long line in an IDL error and keeps the error position', async () => {
    const { stderr } = await check('long.thrift', 'long.thrift');
    expect(stderr).toMatch(/^long\.thrift:1:15: the integer 9+…\n {2}const i64 A = 9+\n {16}\^$/);
    expect(stderr.length).toBeLessThan(6_000);
  });

  it('hides the text of an included file that is not an IDL', async () => {
    expect(await check('reads.thrift', 'reads.thrift')).toEqual({
      status: 1,
      stdout: '',
      stderr:
        'reads.thrift:1:9: none/secrets is not an IDL: see its line 1; only lines of .thrift files are shown\n' +
        '  include "none/secrets"\n          ^',
    });
  });

  it('exits with code 1 and one line on standard error for a missing file', async () => {
    const { status, stdout, stderr } = await check('nowhere.thrift', 'new.thrift');
    expect({ status, stdout, lines: stderr.split('\n').length }).toEqual({ status: 1, stdout: '', lines: 1 });
    expect(stderr).toMatch(/^cannot find the IDL file .*nowhere\.thrift/);
  });

  it.each([
    [['old.thrift'], "missing required argument 'new'"],
    [['old.thrift', 'new.thrift', 'third.thrift'], 'too many arguments'],
    [['old.thrift', 'new.thrift', '--jsn'], "unknown option '--jsn'\n(Did you mean --json?)"],
    [['base.thrift', 'base.thrift'], 'neither file has a oneway method (services: none)'],
    [
      ['two-old.thrift', 'two-new.thrift', '--service', 'C'],
      'neither file has a service C with a oneway method (services: A, B, Ask)',
    ],
    [
      ['two-old.thrift', 'two-new.thrift', '--service', 'Ask'],
      'neither file has a service Ask with a oneway method (services: A, B, Ask)',
    ],
  ])('exits with code 2 for the arguments %j', async (args, message) => {
    const { status, stdout, stderr } = await check(...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  it('prints the usage and an example with --help', async () => {
    const { status, stdout } = await check('--help');
    expect(status).toBe(0);
    expect(stdout).toMatch(/Usage: nestjs-sqs-thrift check \[options\] <old> <new>/);
    expect(stdout).toMatch(/^Example.*\n.*\n {2}nestjs-sqs-thrift check \S+ idl\/backup\.thrift/m);
  });
});
