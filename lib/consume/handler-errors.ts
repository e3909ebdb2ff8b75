/** Reason of the abort of a handler's signal at its deadline. */
export class HandlerTimeoutError extends Error {
  override readonly name = 'HandlerTimeoutError';

  constructor(ms: number) {
    super(`the handler took longer than handlerTimeoutMs (${ms} ms)`);
  }
}

/**
 * Thrown if several handlers of one message failed. A class of its own: a handler may throw an
 * AggregateError that is a single failure.
 */
export class HandlersFailedError extends AggregateError {
  override readonly name = 'HandlersFailedError';

  constructor(errors: readonly unknown[]) {
    super(
      errors.flatMap((error) => (error instanceof HandlersFailedError ? (error.errors as unknown[]) : [error])),
      `${errors.length} handlers failed`,
    );
  }
}

/** Thrown if some calls of a body failed and others did not. */
export class CallsFailedError extends HandlersFailedError {
  constructor(
    /** Errors by position of the call in the body. */
    readonly failures: ReadonlyMap<number, unknown>,
    /** True if the failed calls can be sent to the queue again. */
    readonly canBeSplit: boolean,
  ) {
    super([...failures.values()]);
  }
}

/** Throws the one failure, or a HandlersFailedError of several. */
export function throwFailures(results: readonly PromiseSettledResult<unknown>[]): void {
  const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) throw new HandlersFailedError(errors);
}
