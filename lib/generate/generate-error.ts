/** What keeps modules from being generated although each IDL is sound. The message says what to do. */
export class GenerateError extends Error {
  override readonly name = 'GenerateError';
}
