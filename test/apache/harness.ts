import { readFileSync } from 'node:fs';
import thrift from 'thrift';
import { createEventCodec } from '#lib/event/event-codec.js';
import { findService } from '#lib/idl/find-service.js';
import { loadSchemaFromText } from '#lib/idl/load-schema.js';
import type { SendOptions } from '#lib/publish/outgoing-message.js';
import { QueueError, type QueueErrorKind } from '#lib/queue/queue-error.js';
import { createMemoryQueue, type MemoryQueue } from '#lib/carriers/memory/memory-queue.js';
import { VirtualClock } from '#lib/testing/virtual-clock.js';
import type { MemoryQueueOptions } from '#lib/carriers/memory/memory-queue-options.js';
import { SqsThriftTransport } from '#lib/apache/sqs-thrift-transport.js';
import type { ThriftTransportOptions } from '#lib/apache/call-buffer.js';
import Replies from '../thrift/generated/transport/Replies.js';

const idl = readFileSync(new URL('replies.thrift', import.meta.url), 'utf8');
export const RepliesService = findService(loadSchemaFromText(idl), 'Replies');
const codec = createEventCodec([RepliesService]);

export function failure(kind: QueueErrorKind = 'service'): QueueError {
  return new QueueError('by script', { code: 'Scripted', kind, queue: 'memory' });
}

/** The message of what a promise rejects with, or that it resolved. */
export function outcome(promise: Promise<unknown> | undefined): Promise<string> {
  return Promise.resolve(promise).then(
    (value) => `resolved ${String(value)}`,
    (error: Error) => `${error.name}: ${error.message}`,
  );
}

/** A transport over a queue in memory. */
export class Bench {
  private constructor(
    readonly clock: VirtualClock,
    readonly queue: MemoryQueue,
    readonly transport: SqsThriftTransport,
    /** Collects the method and message of each call of `onError`. */
    readonly errors: string[],
  ) {}

  static async open(options: ThriftTransportOptions = {}, queueOptions: MemoryQueueOptions = {}): Promise<Bench> {
    const clock = new VirtualClock(0);
    const queue = createMemoryQueue({ clock, ...queueOptions });
    const errors: string[] = [];
    const onError = (error: Error, method: string): void => void errors.push(`${method}: ${error.message}`);
    const transport = await SqsThriftTransport.openWith(() => Promise.resolve(queue), { onError, ...options }, clock);
    return new Bench(clock, queue, transport, errors);
  }

  /** A generated client, through the transport itself unless something shall travel beside its calls. */
  client(beside?: SendOptions): Replies.Client {
    return clientOf(beside ? this.transport.with(beside) : this.transport);
  }

  /** Makes a call through a transport, and does not look at it any more. */
  tell(transport: SqsThriftTransport, text: string): void {
    void clientOf(transport).tell(text);
  }

  /** The texts in the queue, of all calls. */
  get texts(): unknown[] {
    return this.queue.messages().flatMap(({ body }) => codec.decode(body).map(({ args }) => args.text));
  }
}

function clientOf(transport: SqsThriftTransport): Replies.Client {
  return thrift.createClient(Replies, transport.connection());
}
