import { fileURLToPath } from 'node:url';
import { IdlError } from '#lib/idl/errors.js';

/** The absolute path of a fixture. */
export function fixture(name: string): string {
  return fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url));
}

/** The IdlError that an action throws; anything else, or nothing, fails the test. */
export function errorOf(action: () => unknown): IdlError {
  try {
    action();
  } catch (error) {
    if (error instanceof IdlError) return error;
    throw error;
  }
  throw new Error('no error was thrown');
}

/** The whole message for a place (`line:column`) in a text: position, message, source line, caret. */
export function expectedMessage(file: string, text: string, place: string, message: string): string {
  const [line = 0, column = 0] = place.split(':').map(Number);
  const source = (text.split('\n')[line - 1] ?? '').replace(/\r$/, '');
  const indent = source.slice(0, column - 1).replace(/[^\t]/g, ' ');
  return `${file}:${place}: ${message}\n  ${source}\n  ${indent}^`;
}
