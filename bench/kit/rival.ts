import type { Candidate, Setting } from './bench.js';
import { missingRival, projectFile, rivalVersion, type RivalWorkspace } from './packages.js';

/** A package that the benchmark compares with, and the program that uses it. */
export interface Rival {
  readonly workspace: RivalWorkspace;
  readonly package: string;
  /** Name of the program in the folder of the workspace. */
  readonly program: string;
  /** Least major version of Node. */
  readonly node?: number;
}

/** Returns the program of a rival. */
export function programOf({ workspace, program }: Pick<Rival, 'workspace' | 'program'>): URL {
  return projectFile(`bench/rivals/${workspace}/${program}`);
}

/** Describes a rival in the header, and explains why it cannot run here. */
export function rivalParts<S extends Setting>(
  rival: Omit<Rival, 'program'>,
): Pick<Candidate<S>, 'missing' | 'versions'> {
  const { workspace, package: name, node = 0 } = rival;
  const version = rivalVersion(workspace, name);
  if (version === undefined) return { missing: missingRival(workspace, name) };
  const tooOld = Number(process.versions.node.split('.')[0]) < node;
  return {
    missing: tooOld ? `${name} ${version} needs Node ${node}, and this is ${process.versions.node}` : undefined,
    versions: [`${name} ${version}`],
  };
}
