import { Catch, type RpcExceptionFilter } from '@nestjs/common';
import { throwError, type Observable } from 'rxjs';

/**
 * Rethrows every error unchanged. Nest's own filter replaces unknown errors by "Internal server
 * error" before the transport sees them. With this filter the log shows the real error, and the
 * option `classifyError` can decide by its class. Install the filter with
 * `app.useGlobalFilters(new RethrowErrorFilter())` or `@UseFilters`.
 *
 * @publicApi
 */
@Catch()
export class RethrowErrorFilter implements RpcExceptionFilter<unknown> {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}
