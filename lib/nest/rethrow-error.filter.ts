import { type ArgumentsHost, Catch, type HttpServer, type RpcExceptionFilter } from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';
import { throwError, type Observable } from 'rxjs';

/** The methods that responses of Express and of Fastify share, and how each says that it has begun. */
interface HttpResponse {
  readonly headersSent?: boolean;
  readonly sent?: boolean;
  status(code: number): { send(body: unknown): unknown };
  end?(): unknown;
}

/** Answers HTTP requests without the adapter, which a filter made with `new` does not get. */
const RESPONSES = {
  isHeadersSent: (response: HttpResponse) => response.headersSent ?? response.sent ?? false,
  reply: (response: HttpResponse, body: unknown, status: number) => response.status(status).send(body),
  end: (response: HttpResponse) => response.end?.(),
};

/**
 * Rethrows every error of a handler unchanged. Nest's own filter replaces unknown errors by
 * "Internal server error" before the transport sees them. With this filter the log shows the real
 * error, and the option `classifyError` can decide by its class. `ThriftFactory` does the same by
 * default. In an application of `NestFactory`, install the filter with
 * `app.useGlobalFilters(new RethrowErrorFilter())` or `@UseFilters`. As a global filter of a hybrid
 * application it answers failed HTTP requests as Nest does without it.
 *
 * @publicApi
 */
@Catch()
export class RethrowErrorFilter implements RpcExceptionFilter<unknown> {
  private readonly http = new BaseExceptionFilter(RESPONSES as unknown as HttpServer);

  catch(error: unknown, host: ArgumentsHost): Observable<never> {
    // Most releases of Nest 11 and 12 never answer an HTTP request whose filter only returns a stream.
    if (host.getType() === 'http') this.http.catch(error, host);
    return throwError(() => error);
  }
}
