/** Loads a function in a fresh process, invokes it once, and prints the cost since the process began as JSON. */
const [module = '', event = ''] = process.argv.slice(2);

interface Answer {
  readonly batchItemFailures: readonly unknown[];
}
type Handler = (event: unknown, context: object) => Promise<Answer>;

const { handler } = (await import(module)) as { readonly handler: Handler };
const answer = await handler(JSON.parse(event), { getRemainingTimeInMillis: () => 30_000 });
const ms = performance.now();
const { user, system } = process.cpuUsage();
if (answer.batchItemFailures.length > 0) throw new Error('the function did not handle the event');
const figures = { ms, cpuMs: (user + system) / 1000, rssMb: process.memoryUsage.rss() / 1e6 };
process.stdout.write(JSON.stringify(figures), () => process.exit(0));
