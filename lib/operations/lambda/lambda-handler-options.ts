import type { INestMicroservice } from '@nestjs/common';
import { checkOptionNames, type OptionNames } from '../../common/option-names.js';
import type { MicroserviceSettings } from '../../nest/thrift-factory.js';
import { numberOption, objectOption, typeOption } from '../../queue/options.js';

/**
 * Configures {@link createLambdaHandler} beside its queues.
 *
 * @publicApi
 */
export interface LambdaHandlerOptions {
  /**
   * Milliseconds before the timeout of the function at which handlers are given up and nothing starts
   * any more. Requests have the first half of this time. At most half of the time of the function
   * counts. 50 to 60 000, default 500.
   */
  readonly answerBeforeMs?: number | undefined;
  /** Options of the Nest application, such as `logger`. */
  readonly application?: MicroserviceSettings | undefined;
  /** Prepares the application before its start, such as by `app.useGlobalPipes`. */
  readonly configure?: ((app: INestMicroservice) => void | Promise<void>) | undefined;
}

const OPTION_NAMES = {
  answerBeforeMs: true,
  application: true,
  configure: true,
} satisfies OptionNames<LambdaHandlerOptions>;

/** {@link LambdaHandlerOptions} with every default filled in. */
export interface ResolvedLambdaHandlerOptions {
  readonly answerBeforeMs: number;
  readonly application: MicroserviceSettings;
  readonly configure: NonNullable<LambdaHandlerOptions['configure']> | undefined;
}

/** @throws TypeError, RangeError an option is unknown or not acceptable */
export function resolveLambdaHandlerOptions(options: LambdaHandlerOptions): ResolvedLambdaHandlerOptions {
  checkOptionNames('createLambdaHandler', options, OPTION_NAMES);
  return {
    answerBeforeMs: numberOption('answerBeforeMs', options.answerBeforeMs, 500, 50, 60_000),
    application: objectOption('application', options.application) ?? {},
    configure: typeOption('configure', options.configure, 'function'),
  };
}
