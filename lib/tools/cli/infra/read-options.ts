import { readFileSync } from 'node:fs';
import { CheckFailed } from '../exit.js';
import type { InfraOptions } from './infra-options.js';

/**
 * Reads options from a file of JSON.
 *
 * @throws CheckFailed the file is no JSON object
 */
export function readInfraOptions(file: string): InfraOptions {
  let options: unknown;
  try {
    options = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new CheckFailed(`${file} is no JSON: ${error.message}`);
  }
  if (typeof options === 'object' && options !== null && !Array.isArray(options)) return options;
  throw new CheckFailed(`${file} must hold one JSON object with options, such as { "queuePrefix": "staging-" }`);
}
