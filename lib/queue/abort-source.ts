import { sharedController } from './shared-signal.js';

/** The part of an AbortSignal with which the engine follows an abort. */
export interface Aborts {
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
  addEventListener(type: 'abort', listener: () => void, options?: { readonly once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/**
 * Aborts work as an AbortController does. Creates an AbortSignal only for those who ask for it: each
 * message has a source, few handlers look at their signal, and the signals of Node cost more than
 * everything else that the engine keeps for a message.
 */
export class AbortSource implements Aborts {
  private isAborted = false;
  private cause: unknown;
  private controller: AbortController | undefined;
  /** An array: most sources have no listener, or the latest one leaves first. */
  private listeners: (() => void)[] | undefined;

  get aborted(): boolean {
    return this.isAborted;
  }

  get reason(): unknown {
    return this.cause;
  }

  /** Returns the one signal of this source. It may have many listeners. */
  get signal(): AbortSignal {
    if (this.controller === undefined) {
      this.controller = sharedController();
      if (this.isAborted) this.controller.abort(this.cause);
    }
    return this.controller.signal;
  }

  /** Aborts once. Later reasons change nothing. */
  abort(reason?: unknown): void {
    if (this.isAborted) return;
    this.isAborted = true;
    this.cause = reason;
    this.controller?.abort(reason);
    const listeners = this.listeners ?? [];
    this.listeners = undefined;
    for (const listener of listeners) listener();
  }

  throwIfAborted(): void {
    if (this.isAborted) throw this.cause;
  }

  /** Calls a listener at the abort, once, unless it is removed before. Does nothing after the abort. */
  addEventListener(_type: 'abort', listener: () => void): void {
    if (!this.isAborted) (this.listeners ??= []).push(listener);
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    const at = this.listeners?.lastIndexOf(listener) ?? -1;
    if (at >= 0) this.listeners!.splice(at, 1);
  }
}
