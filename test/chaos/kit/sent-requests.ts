import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';

const CHANNEL = 'http.client.request.start';

/** Counts the requests that the SQS clients of this process make, each try for itself, whoever answers them. */
export class SentRequests {
  private readonly counts = new Map<string, number>();

  constructor() {
    subscribe(CHANNEL, this.add);
  }

  /** Requests of an action so far. */
  count(action: string): number {
    return this.counts.get(`AmazonSQS.${action}`) ?? 0;
  }

  stop(): void {
    unsubscribe(CHANNEL, this.add);
  }

  private readonly add = (message: unknown): void => {
    const target = String((message as { readonly request: ClientRequest }).request.getHeader('x-amz-target'));
    this.counts.set(target, (this.counts.get(target) ?? 0) + 1);
  };
}
