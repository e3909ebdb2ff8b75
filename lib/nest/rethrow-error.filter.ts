import { Catch, type RpcExceptionFilter } from '@nestjs/common';
import { throwError, type Observable } from 'rxjs';

/**
 * Passes every error on as it is. Nest's own filter replaces unknown errors by "Internal server error" before the transport sees
 * them; with this one (`app.useGlobalFilters(new KeepErrorFilter())` or `@UseFilters`) the log shows the real error and the option
 * `classify` can decide by its class.
 */
@Catch()
export class KeepErrorFilter implements RpcExceptionFilter<unknown> {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}
