import { randomUUID } from 'node:crypto';
import { ReceiveWaiters } from '#lib/queue/receive-waiters.js';
import type { Clock } from '#lib/queue/clock.js';
import { QueueError, type QueueErrorKind } from '#lib/queue/queue-error.js';
import type {
  EntryResult,
  MessageReceiver,
  MessageSender,
  QueueFeatures,
  QueueLimits,
  ReceiveOptions,
  SendResult,
} from '#lib/queue/queue.js';
import type { ReceivedMessage, WireMessage } from '#lib/queue/wire-message.js';

const NAME = 'hand-over';

/** Features of a carrier without storage. */
export const HAND_OVER_FEATURES: QueueFeatures = {
  persistent: false,
  leases: false,
  ordered: true,
  attributes: false,
  delay: false,
  longPolling: true,
  abortableReceive: true,
  resend: false,
  body: 'bytes',
};

const LIMITS: QueueLimits = {
  messageBytes: 1_048_576,
  batchBytes: 1_048_576,
  batchEntries: 10,
  attributes: 0,
  leaseSeconds: 0,
};

/** A message between a sender and a receiver, with the answer that its sender waits for. */
interface Handed {
  readonly message: WireMessage;
  readonly answer: (result: SendResult) => void;
}

/**
 * Joins two objects as a connection would. Nothing is stored: a send is answered when the receiver
 * has settled its messages, and fails for a message that was released or discarded.
 */
export class HandOver {
  readonly sender: MessageSender = {
    name: NAME,
    features: HAND_OVER_FEATURES,
    limits: LIMITS,
    send: async (messages) => {
      checkBatch(messages, this.senderClosed);
      return Promise.all(messages.map((message) => this.hand(message)));
    },
    close: async () => void (this.senderClosed = true),
  };
  readonly receiver: MessageReceiver = {
    name: NAME,
    features: HAND_OVER_FEATURES,
    limits: LIMITS,
    receive: async (options) => this.receive(options),
    acknowledge: async (messages) => this.settle(messages, (id) => ({ ok: true, id })),
    discard: async (discards) => this.settle(messagesOf(discards), () => refusal('invalid', 'Discarded')),
    release: async (releases) => this.settle(messagesOf(releases), () => refusal('service', 'NotHandled')),
    extend: async (extensions) => {
      checkBatch(extensions, this.receiverClosed);
      return extensions.map(() => ({ ok: true }));
    },
    close: async () => this.closeReceiver(),
  };
  private senderClosed = false;
  private receiverClosed = false;
  private readonly waiting: Handed[] = [];
  private readonly inHand = new Map<string, Handed>();
  private readonly waiters: ReceiveWaiters<ReceivedMessage>;

  constructor(private readonly clock: Clock) {
    this.waiters = new ReceiveWaiters(clock, () => undefined);
  }

  private async hand(message: WireMessage): Promise<SendResult> {
    const { body, attributes = {}, delaySeconds = 0 } = message;
    const isBytes = typeof body !== 'string' && body.length > 0;
    if (!isBytes || Object.keys(attributes).length > 0 || delaySeconds > 0) return refusal('invalid', 'Unsupported');
    return new Promise((answer) => {
      this.waiting.push({ message, answer });
      this.waiters.serve();
    });
  }

  private receive({ max, waitSeconds, signal }: ReceiveOptions): Promise<readonly ReceivedMessage[]> {
    if (this.receiverClosed) throw closed();
    const aborted = (): QueueError => error('network', 'RequestAborted');
    if (signal?.aborted) throw aborted();
    const take = (): ReceivedMessage[] => this.waiting.splice(0, max).map((handed) => this.received(handed));
    const received = take();
    if (received.length > 0 || waitSeconds === 0) return Promise.resolve(received);
    return this.waiters.wait({ take, ms: waitSeconds * 1000, signal, aborted });
  }

  private received(handed: Handed): ReceivedMessage {
    const id = randomUUID();
    this.inHand.set(id, handed);
    const { body, groupId } = handed.message;
    return {
      id,
      body: Uint8Array.from(body as Uint8Array),
      attributes: Object.create(null) as Record<string, string>,
      ...(groupId !== undefined && { groupId }),
      receiveCount: 1,
      receivedAt: this.clock.now(),
      receipt: id,
      raw: undefined,
    };
  }

  private settle(messages: readonly ReceivedMessage[], result: (id: string) => SendResult): EntryResult[] {
    checkBatch(messages, this.receiverClosed);
    return messages.map(({ receipt }) => {
      this.inHand.get(receipt)?.answer(result(receipt));
      this.inHand.delete(receipt);
      return { ok: true };
    });
  }

  private closeReceiver(): void {
    this.receiverClosed = true;
    this.waiters.rejectAll(closed);
    for (const { answer } of [...this.waiting, ...this.inHand.values()]) answer(refusal('network', 'Disconnected'));
  }
}

function messagesOf(entries: readonly { readonly message: ReceivedMessage }[]): ReceivedMessage[] {
  return entries.map(({ message }) => message);
}

function checkBatch(entries: readonly unknown[], isClosed: boolean): void {
  if (isClosed) throw closed();
  if (entries.length === 0 || entries.length > LIMITS.batchEntries) throw error('invalid', 'WrongNumberOfEntries');
}

function refusal(kind: QueueErrorKind, code: string): { readonly ok: false; readonly error: QueueError } {
  return { ok: false, error: error(kind, code) };
}

function closed(): QueueError {
  return error('closed', 'QueueClosed');
}

function error(kind: QueueErrorKind, code: string): QueueError {
  return new QueueError('the message was not handed over.', { code, kind, queue: NAME });
}
