import type { INestApplication } from '@nestjs/common';
import type { BaseThriftServer } from './server/base-thrift-server.js';

/** HTTP adapter of an application. */
export type HttpAdapter = ReturnType<INestApplication['getHttpAdapter']>;

/** A strategy that serves requests of the application's own HTTP server. */
export interface Mountable {
  /** Mounts the strategy. Called once, before the application adds its own middleware. */
  mountOn(adapter: HttpAdapter): void;
}

/** Mounts the strategies that serve requests of the application's own HTTP server. */
export function mountAll(strategies: readonly BaseThriftServer[], app: INestApplication): void {
  for (const strategy of strategies) if (isMountable(strategy)) strategy.mountOn(app.getHttpAdapter());
}

function isMountable(strategy: object): strategy is Mountable {
  return typeof (strategy as Partial<Mountable>).mountOn === 'function';
}
