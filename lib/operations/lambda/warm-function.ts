import type { INestMicroservice } from '@nestjs/common';
import { brand } from '../../common/brand.js';
import { ThriftTransportError } from '../../common/transport-error.js';
import { untilAbort } from './deadlines.js';
import type { ServerSqsLambda } from './server-sqs-lambda.js';

/**
 * Thrown for an event whose time ends before the application has started. Lambda then keeps all
 * messages of the event. The start goes on, and serves later events.
 *
 * @publicApi
 */
export class LambdaStartError extends ThriftTransportError {
  static {
    brand(this, 'LambdaStartError');
  }

  override readonly name = 'LambdaStartError';
  readonly code = 'lambda-start';

  constructor() {
    super(
      'the application has not started before the time of the function was nearly over; ' +
        'await handler.ready() at the top level of its module, or raise its timeout or memory',
    );
  }
}

/** A started application, and the strategies of its queues. */
export interface BootedFunction {
  readonly app: Pick<INestMicroservice, 'close'>;
  readonly servers: readonly ServerSqsLambda[];
}

/** Keeps the application for all events. A failed start is forgotten. */
export class WarmFunction {
  private booting: Promise<BootedFunction> | undefined;

  constructor(private readonly boot: () => Promise<BootedFunction>) {}

  get(): Promise<BootedFunction> {
    return (this.booting ??= this.boot().catch((error: unknown) => {
      this.booting = undefined;
      throw error;
    }));
  }

  /**
   * Returns the application, unless the signal aborts before it has started.
   *
   * @throws LambdaStartError the application has not started in time
   */
  getBefore(over: AbortSignal): Promise<BootedFunction> {
    const late = async (): Promise<never> => {
      await untilAbort(over);
      throw new LambdaStartError();
    };
    // A started application comes first, also in an invocation without time.
    return Promise.race([this.get(), late()]);
  }

  async close(): Promise<void> {
    const { booting } = this;
    this.booting = undefined;
    await booting?.then(
      ({ app }) => app.close(),
      () => undefined,
    );
  }
}
