import { describe, expect, it } from '@jest/globals';
import { exportsOf, importByNode, isMissingPackage } from '../../lib/common/optional-package.js';

describe('isMissingPackage', () => {
  it('recognizes a package that is not installed, by import and by require', async () => {
    const name = 'nestjs-sqs-thrift-is-not-installed-here';
    const imported: unknown = await import(name).catch((error: unknown) => error);
    const required = Object.assign(new Error(`Cannot find module '${name}'`), { code: 'MODULE_NOT_FOUND' });
    const byNode = Object.assign(new Error(`Cannot find package '${name}'`), { code: 'ERR_MODULE_NOT_FOUND' });
    for (const error of [imported, required, byNode]) expect(isMissingPackage(error)).toBe(true);
  });

  it.each([new Error('broken'), { code: 'ERR_REQUIRE_ESM' }, null, undefined, 'text'])(
    'does not recognize %p',
    (error) => {
      expect(isMissingPackage(error)).toBe(false);
    },
  );
});

describe('importByNode', () => {
  it('imports a package that Jest refuses to import', async () => {
    const refused = new TypeError('A dynamic import callback was invoked without --experimental-vm-modules');
    const imported = await importByNode<{ buildApp: unknown }>('fauxqs')(refused);
    expect(typeof imported.buildApp).toBe('function');
  });

  it('passes on that a package is not installed', async () => {
    const missing = Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' });
    await expect(importByNode('fauxqs')(missing)).rejects.toBe(missing);
  });
});

describe('exportsOf', () => {
  interface Package {
    readonly Pool: string;
  }

  it('returns the exports that have names', () => {
    const loaded = { Pool: 'named', default: { Pool: 'in the default export' } };
    expect(exportsOf<Package>(loaded, 'Pool').Pool).toBe('named');
  });

  it('returns the default export of a package without names', () => {
    const loaded: unknown = { default: { Pool: 'in the default export' } };
    expect(exportsOf(loaded as Package, 'Pool').Pool).toBe('in the default export');
  });

  it('returns a package that has neither', () => {
    const loaded: unknown = {};
    expect(exportsOf(loaded as Package, 'Pool')).toBe(loaded);
  });
});
