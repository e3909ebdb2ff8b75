import { createObserver, type Observer } from '../diagnostics/observer.js';
import { bodyBytes, toBody } from '../event/body.js';
import { Outbox, type Ending } from '../publish/outbox.js';
import type { Letter } from '../publish/parcel.js';
import { resolvePublishOptions, type ResolvedPublishOptions } from '../publish/publish-options.js';
import type { SendOptions } from '../publish/send-options.js';
import { choiceOption } from '../queue/choice-option.js';
import type { Clock } from '../queue/clock.js';
import type { Features, SendPort } from '../queue/queue.js';
import type { ProtocolName } from '../thrift/protocol.js';
import { failureListener } from './failure-listener.js';
import type { ThriftTransportOptions } from './transport-options.js';

/** Calls that are bytes already, on their way to one queue. */
export class CallOutbox {
  readonly protocol: ProtocolName;
  private readonly options: ResolvedPublishOptions;
  private readonly observe: Observer;
  private readonly outbox: Outbox;
  /** What the bodies of the queue are, which is known once it is open; no call is posted before. */
  private kind: Features['body'] = 'text';
  private readonly unsettled = new Set<Promise<string>>();
  /** The first failure that {@link flushed} has not told of. */
  private failure: Error | undefined;

  /** @throws RangeError, TypeError an option is not acceptable */
  constructor(open: () => Promise<SendPort>, options: ThriftTransportOptions, clock: Clock) {
    const protocol = choiceOption('protocol', options.protocol, ['binary', 'compact', 'json']);
    this.protocol = protocol;
    this.options = resolvePublishOptions(options);
    this.observe = createObserver(failureListener(options.onError));
    this.outbox = new Outbox({
      open,
      clock,
      options: this.options,
      wrapping: {
        toBody: (calls) => toBody(protocol, this.kind, calls),
        bodyBytes: (callBytes) => bodyBytes(protocol, this.kind, callBytes),
      },
      ended: (method, ending) => this.ended(method, ending),
    });
  }

  /** Opens the queue. Rejects as opening does. */
  async connect(): Promise<void> {
    const { features } = await this.outbox.connect();
    this.kind = features.body;
  }

  /** As {@link Outbox.post}. */
  post(method: string, call: Buffer, beside: SendOptions): Promise<string> {
    const content: Letter['content'] = this.options.pack ? { call } : toBody(this.protocol, this.kind, call);
    const sent = this.outbox.post({ method, beside, content });
    this.unsettled.add(sent);
    const settled = (): unknown => this.unsettled.delete(sent);
    sent.then(settled, settled);
    return sent;
  }

  /** Resolves when all calls so far are stored; rejects, when none is under way, with the first failure not told yet. */
  async flushed(): Promise<void> {
    await Promise.allSettled(this.unsettled);
    const { failure } = this;
    this.failure = undefined;
    if (failure) throw failure;
  }

  /** As {@link Outbox.close}. */
  close(): Promise<void> {
    return this.outbox.close();
  }

  private ended(method: string, ending: Ending): void {
    const { name: queue } = this.outbox;
    if (ending.ok) return this.observe({ type: 'stored', queue, method, messageId: ending.id });
    this.failure ??= ending.error;
    this.observe({ type: 'emit-failed', queue, method, error: ending.error });
  }
}
