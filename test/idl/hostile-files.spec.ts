import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ThriftTransportError } from '#lib/common/transport-error.js';
import { findService } from '#lib/idl/find-service.js';
import { loadSchema, loadSchemaFromText, loadService } from '#lib/idl/load-schema.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'idl-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}

function thrown(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}

describe('an include that no file can answer', () => {
  it.each([
    ['a name with NUL', '\0x.thrift'],
    ['a name that is too long', `${'x'.repeat(5_000)}.thrift`],
    ['a link to itself', 'loop.thrift'],
    ['a file as a folder', 'root.thrift/x.thrift'],
    ['a folder', 'folder'],
    ['a device', '/dev/zero'],
    ['nothing', ''],
  ])('is a missing file, and an IdlError if a type of it is used: %s', (_, include) => {
    symlinkSync('loop.thrift', path.join(folder, 'loop.thrift'));
    mkdirSync(path.join(folder, 'folder'));
    const unused = write('root.thrift', `include "${include}"\nservice A { oneway void m() }`);
    expect(loadService(unused, 'A').name).toBe('A');
    const used = write('used.thrift', `include "${include}"\nstruct S { 1: x.T t }`);
    const error = thrown(() => loadSchema(used));
    expect(error).toBeInstanceOf(ThriftTransportError);
    expect(error).toMatchObject({ name: 'IdlError', code: expect.any(String), file: used });
  });
});

describe('a file that is no IDL', () => {
  it.each([
    ['a folder', () => folder],
    ['a link to itself', () => path.join(folder, 'loop')],
    ['a name with NUL', () => 'a\0b'],
    ['a name that is too long', () => 'a'.repeat(5_000)],
    ['a file as a folder', () => path.join(write('a.thrift', ''), 'x')],
    ['an empty name', () => ''],
  ])('gives an IdlError: %s', (_, name) => {
    symlinkSync('loop', path.join(folder, 'loop'));
    expect(thrown(() => loadSchema(name()))).toMatchObject({
      name: 'IdlError',
      code: expect.stringMatching(/^file-(not-found|unreadable)$/),
    });
  });

  it.each<[file: unknown, got: string]>([
    [undefined, 'undefined'],
    [null, 'null'],
    [5, '5'],
    [Buffer.from('a'), 'an object'],
    [new URL('https://example.org/a.thrift'), 'the URL "https://example.org/a.thrift"'],
  ])('or no path at all gives a TypeError: %p', (file, got) => {
    expect(() => loadService(file as string, 'A')).toThrow(
      new TypeError(`loadSchema: the file must be a path or a file: URL, got ${got}`),
    );
  });
});

describe('the name of a service', () => {
  it.each([['__proto__'], ['constructor'], ['toString'], ['jobs']])(
    'that is not in the file is unknown: %s',
    (name) => {
      const schema = loadSchemaFromText('service Jobs { oneway void m() }');
      expect(thrown(() => findService(schema, name))).toMatchObject({ code: 'unknown-service' });
    },
  );

  it('appears escaped and cut', () => {
    const schema = loadSchemaFromText('service Jobs { oneway void m() }');
    const { message } = thrown(() => findService(schema, `a\n\u202e${'x'.repeat(100_000)}`));
    expect(message).not.toMatch(/[\p{Cc}\p{Cf}]|x{200}/u);
  });

  it.each([[undefined], [null], [{}], [Symbol('Jobs')]])('that is no text is unknown: %p', (name) => {
    const schema = loadSchemaFromText('service Jobs { oneway void m() }');
    expect(thrown(() => findService(schema, name as never))).toMatchObject({ code: 'unknown-service' });
  });
});

describe('the excerpt of an IDL', () => {
  it('keeps direction characters from the terminal, and the caret in its column', () => {
    const { message } = thrown(() => loadSchemaFromText('service A { oneway void \u202em() }'));
    expect(message).not.toMatch(/\p{Cf}/u);
    expect(message).toContain('illegal character "\\u202e" (U+202E)');
    const [, line, caret] = message.split('\n');
    expect(line!.length).toBe('  service A { oneway void  m() }'.length);
    expect(caret!.indexOf('^')).toBe(2 + 'service A { oneway void '.length);
  });
});

describe('the options of an IDL', () => {
  it.each<[options: object, text: string]>([
    [{ includeDirs: '/usr/share' }, 'includeDirs must be an array of folders, got the text "/usr/share"'],
    [{ includeDirs: null }, 'includeDirs must be an array of folders, got null'],
    [{ includeDirs: [undefined] }, 'includeDirs must be an array of folders, got an array'],
    [
      { allowNegativeFieldIds: 'false' },
      'allowNegativeFieldIds must be true or false, got the text "false"; use process.env.X === \'true\'',
    ],
  ])('of a file are refused: %j', (options, text) => {
    expect(() => loadSchema('idl/backup.thrift', options)).toThrow(new TypeError(text));
  });

  it.each<[options: object, text: string]>([
    [{ includes: null }, 'includes must be an object or a Map, got null'],
    [{ includes: [] }, 'includes must be an object or a Map, got an array'],
    [{ includes: { 'a.thrift': undefined } }, 'includes["a.thrift"] must be text, got undefined'],
    [{ includes: new Map([['a.thrift', 5]]) }, 'includes["a.thrift"] must be text, got 5'],
    [{ fileName: 5 }, 'fileName must be text, got 5'],
    [
      { allowNegativeFieldIds: 'false' },
      'allowNegativeFieldIds must be true or false, got the text "false"; use process.env.X === \'true\'',
    ],
  ])('of a text are refused: %j', (options, text) => {
    expect(() => loadSchemaFromText('struct A {}', options as never)).toThrow(new TypeError(text));
  });

  it('take a Map of another realm, and names like members of objects', () => {
    const foreign = runInNewContext('new Map([["x.thrift", "struct T {}"]])') as ReadonlyMap<string, string>;
    expect(loadSchemaFromText('include "x.thrift"\nstruct S { 1: x.T t }', { includes: foreign }).structs.size).toBe(2);
    const own = JSON.parse('{"__proto__": "struct T {}"}') as Record<string, string>;
    expect(loadSchemaFromText('include "__proto__"\nstruct S {}', { includes: own }).files).toContain('__proto__');
    expect(() => loadSchemaFromText(Buffer.from('struct A {}') as never)).toThrow(/^the IDL must be text, got /);
  });
});
