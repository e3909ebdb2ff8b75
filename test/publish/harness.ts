import type { TransportEvent } from '#lib/diagnostics/transport-event.js';
import { createEventCodec } from '#lib/event/event-codec.js';
import { findService } from '#lib/idl/find-service.js';
import { loadSchemaFromText } from '#lib/idl/load-schema.js';
import { resolvePublishOptions, type PublishOptions } from '#lib/publish/publish-options.js';
import { Publisher } from '#lib/publish/publisher.js';
import type { SendOptions } from '#lib/publish/outgoing-message.js';
import { QueueError, type QueueErrorKind } from '#lib/queue/queue-error.js';
import type { QueueFeatures } from '#lib/queue/queue.js';
import { createMemoryQueue, type MemoryQueue } from '#lib/carriers/memory/memory-queue.js';
import { VirtualClock } from '#lib/testing/virtual-clock.js';
import type { MemoryQueueOptions } from '#lib/carriers/memory/memory-queue-options.js';

const service = findService(loadSchemaFromText('service Texts { oneway void text(1: string text) }'), 'Texts');
export const codec = createEventCodec([service]);

/** Bytes of a body around a text whose length is a multiple of 3, in base64. */
const EMPTY_CALL_BYTES = codec.encode({ method: 'text', args: { text: '' } }).length;

/** Returns the text whose call makes a body of exactly `bodyBytes` bytes, a multiple of 4. */
export function textForBody(bodyBytes: number): string {
  return 'x'.repeat((bodyBytes / 4) * 3 - EMPTY_CALL_BYTES);
}

export function failure(kind: QueueErrorKind = 'service', code = 'Scripted'): QueueError {
  return new QueueError('by script', { code, kind, queue: 'memory' });
}

/** Describes the end of an emit: the message id or the error. */
export type Ended = { readonly id: string } | { readonly error: { readonly code?: string; readonly message: string } };

/** Runs a publisher over a queue in memory. */
export class Bench {
  readonly clock = new VirtualClock(0);
  readonly events: TransportEvent[] = [];
  readonly queue: MemoryQueue;
  readonly publisher: Publisher;
  /** Ends of the emits so far, by the order of the emits. */
  readonly ended = new Map<number, Ended>();
  private emits = 0;

  constructor(
    options: PublishOptions = {},
    queue: MemoryQueueOptions = {},
    features: Partial<QueueFeatures> = {},
    ownCodec = codec,
    carriesIds = true,
  ) {
    this.queue = createMemoryQueue({ clock: this.clock, ...queue });
    Object.assign(this.queue, { features: { ...this.queue.features, ...features } });
    this.publisher = new Publisher({
      body: 'text',
      carriesIds,
      open: () => Promise.resolve(this.queue),
      codec: ownCodec,
      clock: this.clock,
      report: (event) => void this.events.push(event),
      options: resolvePublishOptions({ retryBaseMs: 0, ...options }),
    });
  }

  emit(text = 'x', options?: SendOptions): number {
    return this.watch(this.publisher.publish({ method: 'text', args: { text } }, options));
  }

  watch(publishing: Promise<string>): number {
    const number = this.emits++;
    publishing.then(
      (id) => this.ended.set(number, { id }),
      (error: { message: string }) => this.ended.set(number, { error }),
    );
    return number;
  }

  /** State of each emit: `stored`, the code of the error, or `pending`. */
  get states(): string[] {
    return Array.from({ length: this.emits }, (_, number) => {
      const ended = this.ended.get(number);
      if (!ended) return 'pending';
      return 'id' in ended ? 'stored' : (ended.error.code ?? ended.error.message);
    });
  }

  /** Texts of all calls in the queue. */
  get texts(): unknown[] {
    return this.queue.messages().flatMap(({ body }) => codec.decode(body).map(({ args }) => args.text));
  }

  /** Types of the events about emits. */
  get types(): string[] {
    return this.events.map(({ type }) => type).filter((type) => type !== 'send-failed' && type !== 'send-recovered');
  }

  /** Counts the entries of each later send. */
  countSends(): number[] {
    const entries: number[] = [];
    this.queue.fail('send', (call) => void entries.push(call.entries));
    return entries;
  }
}
