import { AsyncResource } from 'node:async_hooks';

const NAME = 'nestjs-sqs-thrift';

/** Holds the async context in which this module was loaded, so that of no caller. */
const root = new AsyncResource(NAME);

/**
 * Runs a function in the async context of the program instead of the context of the caller. Work that
 * serves many callers runs here: batches, polls, renewals and timers. Otherwise an AsyncLocalStorage
 * would show the context of the caller that happened to start the work.
 */
export function inRootContext<T>(run: () => T): T {
  // Each run gets a resource of its own. `AsyncLocalStorage.enterWith` changes the resource that it
  // runs in, and must not change `root`.
  return root.runInAsyncScope(() => new AsyncResource(NAME)).runInAsyncScope(run);
}
