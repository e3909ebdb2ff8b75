import type { SendBufferState } from '../diagnostics/transport-state.js';
import type { QueueError } from '../queue/queue-error.js';
import type { PendingCall } from './outgoing-message.js';
import type { ResolvedPublishOptions } from './publish-options.js';

/** Describes a send buffer at one moment. */
export interface BufferState extends SendBufferState {
  /** The last failure while the queue does not answer. */
  readonly failure: QueueError | undefined;
}

/** Counts the calls of a send buffer and their bytes. */
export class BufferUsage {
  calls = 0;
  bytes = 0;
  private readonly emptyWaiters: (() => void)[] = [];
  private readonly endWaiters: (() => void)[] = [];

  constructor(private readonly limits: Pick<ResolvedPublishOptions, 'bufferCalls' | 'bufferBytes'>) {}

  /** The counts of this moment. */
  get state(): Pick<SendBufferState, 'bufferedCalls' | 'bufferedBytes'> {
    return { bufferedCalls: this.calls, bufferedBytes: this.bytes };
  }

  /** True if the buffer may take another call. */
  hasRoomFor(call: PendingCall): boolean {
    const { bufferCalls, bufferBytes } = this.limits;
    return this.calls < bufferCalls && this.bytes + bytesOf(call) <= bufferBytes;
  }

  add(call: PendingCall): void {
    this.bytes += bytesOf(call);
    this.calls += 1;
  }

  subtract(call: PendingCall): void {
    this.bytes -= bytesOf(call);
    this.calls -= 1;
    if (this.endWaiters.length > 0) for (const wake of this.endWaiters.splice(0)) wake();
    if (this.calls === 0) for (const wake of this.emptyWaiters.splice(0)) wake();
  }

  /** Resolves when the next call has left the buffer. Waiters resume in the order of their calls. */
  whenEnded(): Promise<void> {
    return new Promise((resolve) => this.endWaiters.push(resolve));
  }

  /** Resolves when the buffer holds no call. */
  whenEmpty(): Promise<void> {
    if (this.calls === 0) return Promise.resolve();
    return new Promise((resolve) => this.emptyWaiters.push(resolve));
  }
}

/** Estimates the memory of a call. The exact size is checked later. */
function bytesOf({ beside: { attributes }, content }: PendingCall): number {
  const { length } = content.type === 'body' ? content.body : content.bytes;
  if (!attributes) return length;
  return Object.entries(attributes).reduce((sum, [name, value]) => sum + name.length + String(value).length, length);
}
