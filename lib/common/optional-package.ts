import { constants, runInThisContext } from 'node:vm';

/** Codes of Node for a package that is not installed, by `import` and by `require`. */
const CODES: readonly unknown[] = ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'];

/** True if loading a package failed because the package is not installed. */
export function isMissingPackage(error: unknown): boolean {
  return CODES.includes((error as { readonly code?: unknown } | null | undefined)?.code);
}

/**
 * Handles the failure of `import(name)`. Without its flag for ES modules, Jest runs no `import()`
 * at all. Node then imports the package, as seen from the folder in which the process runs.
 *
 * Write the name as a literal in the `import()`, too: bundlers accept a literal name whose failure
 * is handled, even if the package is not installed.
 *
 * @throws the failure itself, if the package is not installed
 */
export function importByNode<Package>(name: string): (failure: unknown) => Promise<Package> {
  return async (failure) => {
    if (isMissingPackage(failure)) throw failure;
    const options = { importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER };
    const load = runInThisContext('(name) => import(name)', options) as (name: string) => Promise<Package>;
    return load(name);
  };
}

/**
 * Returns the exports of an imported package of CommonJS. Some bundles give such a package its default
 * export alone, which then holds the exports.
 *
 * @param name an export of the package
 */
export function exportsOf<Package extends object>(loaded: Package, name: keyof Package): Package {
  if (name in loaded) return loaded;
  return (loaded as { readonly default?: Package }).default ?? loaded;
}
