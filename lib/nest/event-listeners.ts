import { describeOption } from '../common/option-names.js';
import type { TransportEvent } from '../diagnostics/transport-event.js';

/** Maps event types to listeners: `server.on('settled', (event) => …)`. */
export type TransportListeners = {
  [Type in TransportEvent['type']]: (event: Extract<TransportEvent, { type: Type }>) => void;
};

/**
 * Calls the listeners of one client or server. A listener that throws or rejects hides nothing from
 * the others.
 */
export class EventListeners {
  private readonly listeners = new Map<string, ((event: never) => unknown)[]>();

  /** @throws TypeError the listener is not a function */
  on<Type extends TransportEvent['type']>(
    type: Type,
    listener: (event: Extract<TransportEvent, { type: Type }>) => void,
  ): void {
    if (typeof listener !== 'function')
      throw new TypeError(`on: the listener must be a function, got ${describeOption(listener)}`);
    this.listeners.set(type, [...(this.listeners.get(type) ?? []), listener]);
  }

  readonly hears = (type: TransportEvent['type']): boolean => this.listeners.has(type);

  readonly emit = (event: TransportEvent): void => {
    for (const listener of this.listeners.get(event.type) ?? []) {
      this.call(listener, event);
    }
  };

  private call(listener: (event: never) => unknown, event: TransportEvent): void {
    try {
      // A promise may be of another library or realm. Its rejection would end the process.
      const result = listener(event as never) as PromiseLike<unknown> | null | undefined;
      if (typeof result?.then === 'function') result.then(undefined, () => undefined);
    } catch {
      // A listener's error must not affect the transport.
    }
  }
}
