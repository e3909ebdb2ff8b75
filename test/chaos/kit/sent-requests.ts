import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';

/** Announces each request of the AWS SDK. */
const HTTP = 'http.client.request.start';
/** Announces each request of the lean data path. */
const UNDICI = 'undici:request:create';
const TARGET = 'x-amz-target';

/** Counts the requests for SQS that this process makes, each try for itself, whoever answers them. */
export class SentRequests {
  private readonly counts = new Map<string, number>();

  constructor() {
    subscribe(HTTP, this.addHttp);
    subscribe(UNDICI, this.addUndici);
  }

  /** Requests of an action so far. */
  count(action: string): number {
    return this.counts.get(`AmazonSQS.${action}`) ?? 0;
  }

  stop(): void {
    unsubscribe(HTTP, this.addHttp);
    unsubscribe(UNDICI, this.addUndici);
  }

  private readonly addHttp = (message: unknown): void => {
    this.add((message as { readonly request: ClientRequest }).request.getHeader(TARGET));
  };

  /** The headers are a list of names and values in turn. */
  private readonly addUndici = (message: unknown): void => {
    const { headers } = (message as { readonly request: { readonly headers: readonly unknown[] } }).request;
    this.add(headers[headers.indexOf(TARGET) + 1]);
  };

  private add(target: unknown): void {
    this.counts.set(String(target), (this.counts.get(String(target)) ?? 0) + 1);
  }
}
