import { createHash } from 'node:crypto';

/** Matches names whose ids differ if the names differ. */
const PLAIN = /^[a-z][a-z0-9]*(?:-[a-z][a-z0-9]*)*(?:\.fifo)?$/;

/**
 * Returns the logical id of a queue by its name without prefix: `AlbumEditsFifo` for
 * `album-edits.fifo`. The id depends on this name alone, so that another queue in the contract never
 * changes it. Ids have letters and digits only. Any name beyond lower-case words gets a digest,
 * because such names may differ in characters that an id cannot have.
 */
export function logicalId(name: string): string {
  const words = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  const id = words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join('');
  if (PLAIN.test(name) && !name.endsWith('-fifo')) return id;
  return `${/^[A-Z]/.test(id) ? '' : 'Queue'}${id}${digestOf(name)}`;
}

function digestOf(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 8);
}

/** Matches names that Kubernetes accepts, apart from `.fifo`. */
const KUBERNETES_NAME = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.fifo)?$/;

/**
 * Returns the name of the Deployment that works on a queue: `album-edits-fifo-worker` for
 * `album-edits.fifo`. A name with other characters gets a digest, because several such names may become
 * one.
 */
export function deploymentName(queue: string): string {
  const words = queue.toLowerCase().split(/[^a-z0-9]+/);
  const isPlain = KUBERNETES_NAME.test(queue) && !queue.endsWith('-fifo');
  return [...words, ...(isPlain ? [] : [digestOf(queue)]), 'worker'].filter((word) => word !== '').join('-');
}

/** Converts an id to a name of Terraform: `album_edits_fifo_queue`. */
export function snakeCase(id: string): string {
  return id.replaceAll(/(?<!^)[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
}

/** Converts an id to a name of TypeScript: `albumEditsFifoQueue`. */
export function camelCase(id: string): string {
  return id.slice(0, 1).toLowerCase() + id.slice(1);
}
