/** Why a handler's signal aborted at its deadline. */
export class HandlerTimeoutError extends Error {
  override readonly name = 'HandlerTimeoutError';

  constructor(ms: number) {
    super(`the handler took longer than handlerTimeoutMs (${ms} ms)`);
  }
}

/** Several handlers of one message failed. Its own class, since a handler may throw an AggregateError that is one failure to it. */
export class HandlersFailedError extends AggregateError {
  override readonly name = 'HandlersFailedError';

  constructor(errors: readonly unknown[]) {
    super(
      errors.flatMap((error) => (error instanceof HandlersFailedError ? (error.errors as unknown[]) : [error])),
      `${errors.length} handlers failed`,
    );
  }
}

/** Some calls of a body failed and others did not. */
export class CallsFailedError extends HandlersFailedError {
  constructor(
    /** By position in the body. */
    readonly failures: ReadonlyMap<number, unknown>,
    /** Whether the message, as it is, could be sent to its queue again. */
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
