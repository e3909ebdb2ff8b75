import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Root of the project. The programs run from build/bench/. */
const ROOT = new URL('../../../', import.meta.url);

/** Workspaces of bench/rivals/, each with the newest Nest that its packages support. */
export type RivalWorkspace = 'nest11' | 'nest12';

/** Returns the URL of a file of the project. */
export function projectFile(path: string): URL {
  return new URL(path, ROOT);
}

/** Returns the version of a package that the project itself installs. */
export function versionOf(name: string): string {
  return readVersion(projectFile(`node_modules/${name}/package.json`))!;
}

/** Returns the version of a package of bench/rivals/. Undefined if it is not installed. */
export function rivalVersion(workspace: RivalWorkspace, name: string): string | undefined {
  const folders = [`bench/rivals/${workspace}/node_modules`, 'bench/rivals/node_modules'];
  return folders.map((folder) => readVersion(projectFile(`${folder}/${name}/package.json`))).find(Boolean);
}

function readVersion(url: URL): string | undefined {
  if (!existsSync(fileURLToPath(url))) return undefined;
  return (JSON.parse(readFileSync(url, 'utf8')) as { readonly version: string }).version;
}

/** Says how to install a rival that is missing. Undefined if it is installed. */
export function missingRival(workspace: RivalWorkspace, name: string): string | undefined {
  return rivalVersion(workspace, name) === undefined
    ? `${name} is not installed. Run: npm --prefix bench/rivals ci`
    : undefined;
}
