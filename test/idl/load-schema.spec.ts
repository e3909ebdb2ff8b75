import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { findService } from '../../lib/idl/find-service.js';
import { loadSchema, loadSchemaFromText, loadService } from '../../lib/idl/load-schema.js';
import { errorOf, fixture } from './support.js';

const SINK = fixture('kitchen-sink.thrift');

describe('loadService', () => {
  it('returns a service with its inherited functions, annotations and file', () => {
    const service = loadService(SINK, 'Keeper');
    expect(service.name).toBe('Keeper');
    expect(service.file).toBe(SINK);
    expect([...service.functions.keys()]).toEqual(['ping', 'store', 'forget', 'listAll', 'nothing', 'tags']);
    expect(service.annotations).toEqual({ version: '2' });
    expect(service.schema.program).toBe('kitchen-sink');
  });

  it('accepts a relative path and a file URL', () => {
    expect(loadService(path.relative(process.cwd(), SINK), 'Keeper').file).toBe(SINK);
    expect(loadService(pathToFileURL(SINK), 'Keeper').file).toBe(SINK);
  });

  it('finds a service of an included file under its prefix', () => {
    const service = loadService(SINK, 'base.Pinger');
    expect(service.name).toBe('Pinger');
    expect(service.file).toBe(fixture('shared/base.thrift'));
    expect([...service.functions.keys()]).toEqual(['ping']);
  });

  it('searches the given includeDirs', () => {
    const error = errorOf(() => loadService(fixture('needs-vendor.thrift'), 'X', { includeDirs: [fixture('vendor')] }));
    expect(error.code).toBe('unknown-service');
  });

  it('explains in the error how to fix the path of a missing file', () => {
    const error = errorOf(() => loadService('idl/nowhere.thrift', 'X'));
    const absolute = path.resolve('idl/nowhere.thrift');
    expect(error.code).toBe('file-not-found');
    expect(error.file).toBe(absolute);
    expect([error.line, error.column]).toEqual([undefined, undefined]);
    expect(error.cause).toMatchObject({ code: 'ENOENT' });
    expect(error.message).toBe(
      `cannot find the IDL file ${absolute} (given as "idl/nowhere.thrift", current directory ${process.cwd()}). ` +
        'Relative paths start at the current directory: give an absolute path or a file: URL if the process is started ' +
        'elsewhere, and check that the build copies .thrift files ("assets" in nest-cli.json).',
    );
  });

  it('throws a file-unreadable error for a folder', () => {
    const error = errorOf(() => loadSchema(fixture('shared')));
    expect(error.code).toBe('file-unreadable');
    expect(error.message).toContain(`cannot read the IDL file ${fixture('shared')}: EISDIR`);
  });
});

describe('findService', () => {
  it('lists the services and suggests the nearest name for an unknown service', () => {
    const error = errorOf(() => loadService(SINK, 'Keepr'));
    expect(error.code).toBe('unknown-service');
    expect(error.message).toBe(
      `${SINK}: unknown service "Keepr": did you mean "Keeper"? (services: base.Pinger, Keeper, Second)`,
    );
  });

  it('reports an IDL that declares no service', () => {
    const error = errorOf(() => findService(loadSchemaFromText('struct A {}'), 'Keeper'));
    expect(error.message).toBe('inline.thrift: unknown service "Keeper" (it declares no service)');
  });

  it('lists the services if the name is left out', () => {
    const error = errorOf(() => findService(loadSchemaFromText('service A {}'), undefined as never));
    expect(error.message).toBe('inline.thrift: unknown service "undefined" (services: A)');
  });

  it('prefers the root file to an include of the same name', () => {
    const schema = loadSchemaFromText('namespace java a include "sub/a.thrift" service S { void own() }', {
      fileName: 'a.thrift',
      includes: { 'sub/a.thrift': 'namespace java b service S { void other() }' },
    });
    expect([...findService(schema, 'S').functions.keys()]).toEqual(['own']);
    expect([...findService(schema, 'a~2.S').functions.keys()]).toEqual(['other']);
    expect(findService(schema, 'a~2.S').file).toBe('sub/a.thrift');
  });
});
