import type { Pointer } from './pointer.js';

/** Where bodies are kept. Rejections are QueueErrors but where something else is said. */
export interface PayloadStore {
  put(pointer: Pointer, body: string): Promise<void>;
  /**
   * Rejects with {@link UnreadablePayload} for what will never be readable.
   *
   * @param ms for the whole of it
   */
  get(pointer: Pointer, ms: number): Promise<string>;
  delete(pointer: Pointer): Promise<void>;
  close(): void;
}

/** A body that is gone, or larger than is read. The message says which. */
export class UnreadablePayload extends Error {
  override readonly name = 'UnreadablePayload';

  constructor(
    readonly reason: 'bad-envelope' | 'too-large',
    message: string,
  ) {
    super(message);
  }
}
