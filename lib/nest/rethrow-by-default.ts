import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import { ApplicationConfig } from '@nestjs/core';
import { type Observable, throwError } from 'rxjs';
import { messageOf } from '../diagnostics/error-text.js';

/**
 * Rethrows errors of handlers as {@link RethrowErrorFilter} does. A microservice shares its global filters
 * with gateways and with the contexts of other packages, which get what they get from Nest.
 */
@Catch()
class HandlersFilter implements ExceptionFilter {
  private readonly logger = new Logger('WsExceptionsHandler');

  catch(error: unknown, host: ArgumentsHost): Observable<never> | undefined {
    const type = host.getType<string>();
    if (type === 'rpc') return throwError(() => error);
    // Other contexts take what a filter returns for the result of the handler.
    if (type !== 'ws') throw error;
    this.answerGateway(error, host.switchToWs().getClient<Partial<WsClient>>());
    return undefined;
  }

  /** Answers as Nest's own filter for gateways does, which cannot be reached behind another filter. */
  private answerGateway(error: unknown, client: Partial<WsClient>): void {
    const own = (error as { readonly getError?: () => unknown } | null)?.getError?.();
    const message = own ?? 'Internal server error';
    client.emit?.('exception', typeof message === 'object' ? message : { status: 'error', message });
    if (own === undefined) this.logger.error(messageOf(error));
  }
}

interface WsClient {
  emit(event: string, message: unknown): unknown;
}

const filter = new HandlersFilter();

/**
 * Lets errors of handlers reach the transport unchanged, where no filter of the application takes them.
 * Nest's own filter would write a line for each failed call of a body, with the text of the error as it
 * is, and replace the error. Nest tries the last of the global filters first, so this one comes last.
 */
export function rethrowByDefault(config: ApplicationConfig): void {
  const filters = config.getGlobalFilters.bind(config);
  config.getGlobalFilters = () => [filter, ...filters()];
}

/**
 * Makes the configuration of a microservice follow that of its hybrid application, as `inheritAppConfig`
 * does, with {@link rethrowByDefault}. The application's HTTP keeps Nest's filter.
 */
export function inheritAndRethrow(own: ApplicationConfig, application: ApplicationConfig): void {
  const from = application as unknown as Record<string, unknown>;
  const inherited: Record<string, unknown> = {};
  // The methods differ between the versions of Nest.
  for (const method of Object.getOwnPropertyNames(ApplicationConfig.prototype)) {
    const inheritedMethod = from[method];
    if (method === 'constructor' || typeof inheritedMethod !== 'function') continue;
    inherited[method] = inheritedMethod.bind(application) as unknown;
  }
  Object.assign(own, inherited);
  rethrowByDefault(own);
}
