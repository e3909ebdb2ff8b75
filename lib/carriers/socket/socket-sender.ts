import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { checkOptionNames, type OptionNames } from '../../common/option-names.js';
import { type Clock, systemClock } from '../../queue/clock.js';
import { QueueError, type QueueErrorKind } from '../../queue/queue-error.js';
import type { MessageSender, QueueFeatures, QueueLimits, SendResult } from '../../queue/queue.js';
import type { WireMessage } from '../../queue/wire-message.js';
import { INBOX_FEATURES } from '../inbox/inbox-options.js';
import { ClientConnection } from './client-connection.js';
import type { CarrierNotice, CarrierNoticeSink } from '../../queue/carrier-notice.js';
import {
  type ResolvedSenderOptions,
  resolveSenderOptions,
  SOCKET_SENDER_OPTION_NAMES,
  type SocketSenderOptions,
} from './socket-options.js';

/** Features of a sender. Nothing can be received from it. */
const FEATURES: QueueFeatures = Object.freeze({ ...INBOX_FEATURES, longPolling: false, abortableReceive: false });

/** Largest number of messages of one write. */
const BATCH_ENTRIES = 100;

/**
 * Completes the options of {@link openSocketSender} for use without a client.
 *
 * @publicApi
 */
export interface OpenSocketSenderOptions extends SocketSenderOptions {
  /** Clock of timeouts. Default: the machine's clock. */
  readonly clock?: Clock | undefined;
  /** Takes what people must see, such as an answer of the server. Default: ignored. */
  readonly report?: ((notice: CarrierNotice) => void) | undefined;
}

const NAMES = {
  ...SOCKET_SENDER_OPTION_NAMES,
  clock: true,
  report: true,
} satisfies OptionNames<OpenSocketSenderOptions>;

/**
 * Connects to a Thrift server, and returns the sending end. A send resolves when the kernel has taken
 * the messages; nothing more is known. After a failure the next send connects again.
 *
 * @throws TypeError, RangeError an option is unknown or not acceptable
 * @throws QueueError the server cannot be reached
 * @publicApi
 */
export async function openSocketSender(given: OpenSocketSenderOptions = {}): Promise<MessageSender> {
  const { clock = systemClock, report = ignore, ...options } = checkOptionNames('openSocketSender', given, NAMES);
  const sender = new SocketSender(resolveSenderOptions(options), clock, report);
  try {
    await sender.check();
    return sender;
  } catch (error) {
    await sender.close();
    throw error;
  }
}

/** Sends messages over one connection at a time. */
class SocketSender implements MessageSender {
  readonly name: string;
  readonly carrier = 'socket';
  readonly features = FEATURES;
  readonly limits: QueueLimits;
  private connection: ClientConnection | undefined;
  private closed = false;

  constructor(
    private readonly options: ResolvedSenderOptions,
    private readonly clock: Clock,
    private readonly report: CarrierNoticeSink,
  ) {
    const { host, port, maxFrameBytes } = options;
    this.name = `socket ${host}:${port}`;
    this.limits = {
      messageBytes: maxFrameBytes,
      batchBytes: maxFrameBytes,
      batchEntries: BATCH_ENTRIES,
      attributes: 0,
      leaseSeconds: 0,
    };
  }

  async send(messages: readonly WireMessage[]): Promise<readonly SendResult[]> {
    this.checkOpen();
    if (messages.length === 0 || messages.length > BATCH_ENTRIES) {
      throw this.error(
        'InvalidBatch',
        'invalid',
        `a send takes 1 to ${BATCH_ENTRIES} messages, not ${messages.length}`,
      );
    }
    const faults = messages.map((message) => this.faultOf(message));
    const good = messages.filter((_, at) => faults[at] === undefined);
    if (good.length > 0) await (await this.connected()).write(good.map(({ body }) => body as Uint8Array));
    return faults.map((error) => (error === undefined ? { ok: true, id: randomUUID() } : { ok: false, error }));
  }

  /** Connects, if there is no connection. Nothing is sent. */
  async check(): Promise<void> {
    this.checkOpen();
    await this.connected();
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.connection?.close(this.closedError());
  }

  /**
   * Returns a connection that can be used, an open one if there is one. First reads what has arrived:
   * the server may have closed its side, and a write after that would be lost without an error.
   */
  private async connected(): Promise<ClientConnection> {
    if (this.connection?.isUsable === true) {
      // Between two turns the event loop reads every socket.
      await nextTurn();
      await nextTurn();
      this.checkOpen();
    }
    if (this.connection?.isUsable !== true) {
      this.connection = new ClientConnection({
        ...this.options,
        name: this.name,
        clock: this.clock,
        report: this.report,
      });
    }
    return this.connection.opened;
  }

  private faultOf({ body, attributes = {}, delaySeconds = 0 }: WireMessage): QueueError | undefined {
    if (typeof body === 'string') return this.invalid('a message is bytes, not text. Encode it as bytes');
    if (body.length === 0) return this.invalid('a message must not be empty. Give it a body');
    if (Object.keys(attributes).length > 0) return this.invalid('sockets carry no attributes. Leave them out');
    if (delaySeconds > 0) return this.invalid('sockets have no delay. Leave it out');
    const { maxFrameBytes } = this.options;
    if (body.length <= maxFrameBytes) return undefined;
    return this.invalid(
      `a message takes at most ${maxFrameBytes} bytes (maxFrameBytes), not ${body.length}. Send less`,
    );
  }

  private checkOpen(): void {
    if (this.closed) throw this.closedError();
  }

  private closedError(): QueueError {
    return this.error('QueueClosed', 'closed', 'it is closed. Open another sender');
  }

  private invalid(what: string): QueueError {
    return this.error('InvalidMessage', 'invalid', what);
  }

  private error(code: string, kind: QueueErrorKind, what: string): QueueError {
    return new QueueError(`${this.name}: ${what}.`, { code, kind, queue: this.name });
  }
}

function ignore(): void {
  // Nobody asked for notices.
}
