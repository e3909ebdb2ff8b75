import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Finding } from '../../../../lib/tools/compat/finding.js';
import { freshFolder, writeFiles } from '../../generate/harness.js';

const MAIN = resolve('dist', 'tools', 'cli', 'main.js');
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
  'warning: State.FAILED (new.thrift): 3 is new: old consumers get a number that they have no name for. ' +
  'Roll out consumers before producers send it.';
const BREAKS = [
  'breaking: BackupRequest.size (new.thrift): the type was i32 and is i64: either version rejects what the other one wrote. ' +
    'Keep 2: i32 size, deprecated, and add a field with a new id, such as 6.',
  CARE,
  'ok: BackupRequest.part (new.thrift): it is new: old consumers pass over it, new ones read nothing from queued messages. ' +
    'Handlers must do without it.',
  '1 breaking change, 1 warning, 1 change without effect in 1 oneway method',
];

let folder: string;

beforeAll(() => {
  folder = freshFolder('check');
  writeFiles(folder, IDL);
});

function spawned(program: string, args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: folder, encoding: 'utf8' });
  return { status, stdout: stdout.trimEnd(), stderr: stderr.trimEnd() };
}

/** Runs `check` in a pipe. */
function check(...args: readonly string[]): ReturnType<typeof spawned> {
  return spawned(process.execPath, [MAIN, 'check', ...args]);
}

describe('check', () => {
  it('prints one line for each change, breaking changes first, and exits with code 1', () => {
    expect(check('old.thrift', 'new.thrift')).toEqual({ status: 1, stdout: BREAKS.join('\n'), stderr: '' });
  });

  it('prints the same lines on a terminal as in a pipe', () => {
    const command = `'${process.execPath}' '${MAIN}' check old.thrift new.thrift`;
    const { status, stdout } = spawned('script', ['-qefc', command, '/dev/null']);
    expect([status, stdout.replaceAll('\r\n', '\n')]).toEqual([1, BREAKS.join('\n')]);
  });

  it('exits with code 0 when the worst change is a warning', () => {
    const { status, stdout, stderr } = check('old.thrift', 'careful.thrift');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout.split('\n')).toEqual([
      CARE.replace('new.thrift', 'careful.thrift'),
      expect.stringContaining('ok: BackupRequest.bytes (careful.thrift): '),
      'nothing breaks, 1 warning, 1 change without effect in 1 oneway method',
    ]);
  });

  it('exits with code 0 when nothing has changed', () => {
    const stdout = 'nothing that messages notice has changed in 1 oneway method';
    expect(check('new.thrift', 'new.thrift')).toEqual({ status: 0, stdout, stderr: '' });
  });

  it('prints the findings as JSON with --json and keeps the exit codes', () => {
    const { status, stdout, stderr } = check('old.thrift', 'new.thrift', '--json');
    expect([status, stderr]).toEqual([1, '']);
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
      change: '3 is new: old consumers get a number that they have no name for',
      advice: 'roll out consumers before producers send it',
    });
    expect(check('old.thrift', 'old.thrift', '--json')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('"findings":[]'),
    });
  });

  it.each<[string, string[], number, (string | RegExp)[]]>([
    ['all services without --service', [], 1, [/^breaking: A\.h /, /^breaking: B\.g\.a /, '2 breaking changes, 0 warnings, 0 changes without effect in 3 oneway methods']],
    ['--service', ['--service', 'A'], 1, [/^breaking: A\.h /, '1 breaking change, 0 warnings, 0 changes without effect in 2 oneway methods']],
  ])('selects the compared services: %s', (_, flags, status, lines) => {
    const result = check('two-old.thrift', 'two-new.thrift', ...flags);
    expect(result.status).toBe(status);
    const printed = result.stdout.split('\n');
    expect(printed).toHaveLength(lines.length);
    for (const [at, line] of lines.entries()) expect(printed[at]).toMatch(line);
  }); // prettier-ignore

  it('compares negative field ids only with --allow-neg-keys', () => {
    expect(check('ids-old.thrift', 'ids-new.thrift').status).toBe(0);
    const { status, stdout } = check('ids-old.thrift', 'ids-new.thrift', '--allow-neg-keys');
    expect([status, stdout]).toEqual([1, expect.stringMatching(/^breaking: A\.f\.a .*its id was -7 and is -8/)]);
  });

  it('accepts --include-dir more than once', () => {
    const files = ['away-old.thrift', 'away-new.thrift'];
    expect(check(...files).status).toBe(1);
    expect(check(...files, '--include-dir', 'none', '--include-dir', 'more')).toMatchObject({ status: 0, stderr: '' });
  });

  it('prints the position of an IDL error and exits with code 1', () => {
    expect(check('old.thrift', 'bad.thrift')).toEqual({
      status: 1,
      stdout: '',
      stderr:
        'bad.thrift:1:27: unknown type "Nothing"\n  struct BackupRequest { 1: Nothing x }\n                            ^',
    });
  });

  it('escapes control characters in an IDL error and keeps the caret position', () => {
    const { status, stderr } = check('hostile.thrift', 'hostile.thrift');
    expect(status).toBe(1);
    expect(stderr).not.toMatch(/[^\P{C}\n\t]/u);
    expect(stderr).toContain('"q\\u001b[2J\\u009b31m\\u202e\\u2028" cannot be the name of a queue');
    expect(stderr.split('\n').at(-1)).toMatch(/^ +\t +\^$/);
  });

  it('cuts a long line in an IDL error and keeps the error position', () => {
    const { stderr } = check('long.thrift', 'long.thrift');
    expect(stderr).toMatch(/^long\.thrift:1:15: the integer 9+…\n {2}const i64 A = 9+\n {16}\^$/);
    expect(stderr.length).toBeLessThan(6_000);
  });

  it('hides the text of an included file that is not an IDL', () => {
    expect(check('reads.thrift', 'reads.thrift')).toEqual({
      status: 1,
      stdout: '',
      stderr:
        'reads.thrift:1:9: none/secrets is no IDL: see its line 1, which is not shown as of a .thrift file\n' +
        '  include "none/secrets"\n          ^',
    });
  });

  it('exits with code 1 and one line on standard error for a missing file', () => {
    const { status, stdout, stderr } = check('nowhere.thrift', 'new.thrift');
    expect([status, stdout, stderr.split('\n').length]).toEqual([1, '', 1]);
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
  ])('exits with code 2 for the arguments %j', (args, message) => {
    const { status, stdout, stderr } = check(...args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });

  it('prints the usage and an example with --help', () => {
    const { status, stdout } = check('--help');
    expect(status).toBe(0);
    expect(stdout).toMatch(/Usage: nestjs-sqs-thrift check \[options\] <old> <new>/);
    expect(stdout).toMatch(/^Example.*\n.*\n {2}nestjs-sqs-thrift check \S+ idl\/backup\.thrift/m);
  });
});
