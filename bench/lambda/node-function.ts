/** Does nothing. */
export function handler(): Promise<{ batchItemFailures: never[] }> {
  return Promise.resolve({ batchItemFailures: [] });
}
