import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findService } from '../../lib/idl/find-service.js';
import type { IdlFiles } from '../../lib/idl/idl-files.js';
import { loadSchema, loadSchemaFromText, loadService } from '../../lib/idl/load-schema.js';
import { SchemaCache } from '../../lib/idl/schema-cache.js';

let folder: string;
const at = (name: string): string => join(folder, name);
const write = (name: string, text: string): void => writeFileSync(at(name), text);
const IDL = 'include "shared.thrift"\nservice Jobs { oneway void run(1: shared.Job job) }';

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'schema-cache-')));
  mkdirSync(at('more'));
  write('jobs.thrift', IDL);
  write('shared.thrift', 'struct Job { 1: i32 n }');
});
afterEach(() => rmSync(folder, { recursive: true }));

const fieldsOf = (file: string): unknown[] =>
  loadSchema(file)
    .structs.get('shared.Job')!
    .fields.map(({ name }) => name);

describe('loading the same file again', () => {
  it('returns one service for the same file and name, however the file is named', () => {
    symlinkSync(at('jobs.thrift'), at('link.thrift'));
    const service = loadService(at('jobs.thrift'), 'Jobs');
    for (const file of [
      at('jobs.thrift'),
      at('more/../jobs.thrift'),
      pathToFileURL(at('jobs.thrift')),
      at('link.thrift'),
    ]) {
      expect(loadService(file, 'Jobs')).toBe(service);
    }
    expect(loadService(at('jobs.thrift'), 'Jobs', { includeDirs: [], allowNegativeFieldIds: false })).toBe(service);
    expect(loadService(at('jobs.thrift'), 'jobs.Jobs')).toBe(service);
    expect(loadSchema(at('jobs.thrift'))).toBe(service.schema);
  });

  it('returns another schema for other options', () => {
    const schema = loadSchema(at('jobs.thrift'));
    expect(loadSchema(at('jobs.thrift'), { includeDirs: [at('more')] })).not.toBe(schema);
    expect(loadSchema(at('jobs.thrift'), { allowNegativeFieldIds: true })).not.toBe(schema);
    expect(loadSchema(at('jobs.thrift'))).toBe(schema);
  });

  it('reads a file again whose text has changed, even with the size and time of before', () => {
    expect(fieldsOf(at('jobs.thrift'))).toEqual(['n']);
    write('shared.thrift', 'struct Job { 1: i32 m }');
    expect(fieldsOf(at('jobs.thrift'))).toEqual(['m']);
    write('jobs.thrift', `${IDL} service More {}`);
    expect(loadService(at('jobs.thrift'), 'More').name).toBe('More');
  });

  it('reports a mistake that came into a file, and a file that went', () => {
    const service = loadService(at('jobs.thrift'), 'Jobs');
    write('shared.thrift', 'struct Job {');
    expect(() => loadSchema(at('jobs.thrift'))).toThrow('shared.thrift');
    rmSync(at('shared.thrift'));
    expect(() => loadSchema(at('jobs.thrift'))).toThrow('shared');
    rmSync(at('jobs.thrift'));
    expect(() => loadSchema(at('jobs.thrift'))).toThrow('cannot find the IDL file');
    write('jobs.thrift', IDL);
    write('shared.thrift', 'struct Job { 1: i32 n }');
    expect(loadService(at('jobs.thrift'), 'Jobs').functions).toEqual(service.functions);
  });

  it('follows an include that another file of the folders now answers', () => {
    renameSync(at('shared.thrift'), at('more/shared.thrift'));
    const options = { includeDirs: [at('more')] };
    const schema = loadSchema(at('jobs.thrift'), options);
    expect(loadSchema(at('jobs.thrift'), options)).toBe(schema);
    write('shared.thrift', 'struct Job { 1: i32 beside }');
    const fields = loadSchema(at('jobs.thrift'), options).structs.get('shared.Job')!.fields;
    expect(fields.map(({ name }) => name)).toEqual(['beside']);
  });

  it('keeps no more schemas than its limit', () => {
    const files: IdlFiles = {
      find: () => undefined,
      candidates: () => [],
      read: (file) => file,
      label: (file) => file,
    };
    const cache = new SchemaCache();
    const built: string[] = [];
    const get = (key: string): void => {
      cache.get(key, files, (recorded) => {
        built.push(recorded.read(key));
        return loadSchemaFromText('');
      });
    };
    get('first');
    for (let i = 0; i < 63; i += 1) get(`other ${i}`);
    get('first');
    get('one more');
    get('first');
    get('other 0');
    expect(built.filter((key) => key === 'first')).toHaveLength(1);
    expect(built.filter((key) => key === 'other 0')).toHaveLength(2);
  });
});

describe('findService', () => {
  it('returns the same service of a schema each time', () => {
    const schema = loadSchemaFromText('service Jobs {} service More extends Jobs {}');
    expect(findService(schema, 'More')).toBe(findService(schema, 'inline.More'));
    expect(findService(schema, 'Jobs')).not.toBe(findService(schema, 'More'));
  });
});
