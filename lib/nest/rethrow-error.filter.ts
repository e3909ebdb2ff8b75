import { Catch, type RpcExceptionFilter } from '@nestjs/common';
import { throwError, type Observable } from 'rxjs';

/**
 * Passes every error on as it is. Nest's own filter replaces unknown errors by "Internal server error" before the transport sees
 * them; with this one (`app.useGlobalFilters(new RethrowErrorFilter())` or `@UseFilters`) the log shows the real error and the option
 * `classifyError` can decide by its class.
 */
@Catch()
export class RethrowErrorFilter implements RpcExceptionFilter<unknown> {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}
