/**
 * Runs both matrices: every language to every language over SQS, then Nest with the official runtimes over the other carriers.
 *
 *     npm run interop [language …]
 *
 * Ends with code 1 when one of them fails. Each also runs by itself: `node build/test/interop/carriers/run.js [language …]`.
 */
// One after the other, which static imports would not wait for.
await import('./matrix/run.js');
await import('./carriers/run.js');
