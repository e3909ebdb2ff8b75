import type { ApplicationConfig } from '@nestjs/core';
import { RethrowErrorFilter } from './rethrow-error.filter.js';

const filter = new RethrowErrorFilter();

/**
 * Lets errors of handlers reach the transport unchanged, where no filter of the application takes them.
 * Nest's own filter would write a line for each failed call of a body, with the text of the error as it
 * is, and replace the error. Nest tries the last of the global filters first, so this one comes last.
 */
export function rethrowByDefault(config: ApplicationConfig): void {
  const before = config.getGlobalFilters.bind(config);
  config.getGlobalFilters = () => [filter, ...before()];
}

/** Everything but filters that Nest reads from the configuration of an application for its handlers. */
const INHERITED = [
  'getGlobalPipes',
  'getGlobalGuards',
  'getGlobalInterceptors',
  'getGlobalRequestPipes',
  'getGlobalRequestGuards',
  'getGlobalRequestInterceptors',
  'getGlobalRequestFilters',
  'getGlobalPreRequestHooks',
] as const;

/**
 * Gives a microservice of a hybrid application the global enhancers of the application, as
 * `inheritAppConfig` does, and {@link rethrowByDefault}. The application's HTTP keeps Nest's filter.
 */
export function inheritAndRethrow(own: ApplicationConfig, application: ApplicationConfig): void {
  const given = application as unknown as Record<string, (() => unknown) | undefined>;
  const inherited: Record<string, () => unknown> = {};
  for (const name of INHERITED) {
    // Nest 11 has fewer of them.
    if (typeof given[name] === 'function') inherited[name] = () => given[name]!();
  }
  Object.assign(own, inherited, { getGlobalFilters: () => application.getGlobalFilters() });
  rethrowByDefault(own);
}
