import { connect, type Socket } from 'node:net';
import { type Clock, SingleTimer } from '../../queue/clock.js';
import type { QueueError } from '../../queue/queue-error.js';
import { type Answer, AnswerReader } from './answer-reader.js';
import { disconnected, isOrdinary, silent, starlingError, type Subject, unexpected } from './starling-errors.js';

export interface ConnectionSettings {
  readonly subject: Subject;
  readonly host: string;
  readonly port: number;
  readonly timeoutMs: number;
  readonly clock: Clock;
}

/** Answers to the commands of one write, in order, as far as they have come. */
export interface Answers {
  readonly answers: readonly Answer[];
  /** Why the rest of the commands has no answer. Undefined if every command has one. */
  readonly failure: QueueError | undefined;
}

/** The commands of one write that the server has not answered yet. */
interface Pending {
  readonly commands: readonly Buffer[];
  readonly answers: Answer[];
  /** Bytes of the commands without an answer. */
  bytes: number;
  /** True if the connection stays usable after an error answer. */
  readonly mayFail: boolean;
  readonly end: (answers: readonly Answer[], failure: QueueError | undefined) => void;
}

/** Configures one command. */
export interface CommandOptions {
  /** True if an error answer is expected, and leaves the connection open. Default false. */
  readonly mayFail?: boolean | undefined;
  /** Milliseconds that the server may wait by itself before it answers. Default 0. */
  readonly waitMs?: number | undefined;
}

/** Milliseconds for the rest of an answer that the server began only after its time was over. */
const REST_MS = 100;
/** Bytes that get a millisecond more than {@link ConnectionSettings.timeoutMs}: one MiB a second. */
const BYTES_PER_MS = 1_048;

/**
 * One connection to a server, on which commands are answered in order. Each call writes its commands
 * in one write: Siberite forgets half a command line after a few seconds. Any mistake in the
 * protocol, any error answer and any silence closes the connection, because nobody knows what the
 * next bytes would mean. A connection never reconnects by itself.
 */
export class StarlingConnection {
  private readonly reader = new AnswerReader();
  private readonly pending: Pending[] = [];
  private readonly timer: SingleTimer;
  /** Time in ms of the clock until which the server may be silent. */
  private deadline = 0;
  /** Time in ms of the clock at which the timer fires. */
  private timerAt = Infinity;
  private readonly listeners = new Set<() => void>();
  private waitMs = 0;
  private reads = 0;
  /** True once the time of an answer is over, and only its rest may still come. */
  private isLate = false;
  private failure: QueueError | undefined;

  private constructor(
    private readonly socket: Socket,
    private readonly settings: ConnectionSettings,
  ) {
    this.timer = new SingleTimer(settings.clock, () => this.checkDeadline());
    socket.on('data', (chunk) => this.read(chunk));
    // Without an error the server has closed in an orderly way.
    socket.on('error', (cause) => this.fail(disconnected(settings.subject, cause)));
    socket.on('close', () => this.fail(disconnected(settings.subject, undefined)));
  }

  /** Connects. Rejects with a QueueError of the kind `network` within the timeout. */
  static open(settings: ConnectionSettings): Promise<StarlingConnection> {
    const { subject, host, port, timeoutMs, clock } = settings;
    return new Promise((resolve, reject) => {
      const socket = connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000 });
      const refuse = (code: string, why: string, cause?: unknown): void => {
        cancel();
        socket.destroy();
        const text = `cannot connect: ${why}. Check host and port, and that the server runs.`;
        reject(starlingError(subject, code, 'network', text, cause));
      };
      const cancel = clock.setTimer(() => refuse('ConnectTimeout', `no answer for ${timeoutMs} ms`), timeoutMs);
      // Of several addresses Node reports one error, with a code and without a text.
      const onError = (cause: NodeJS.ErrnoException): void =>
        refuse(cause.code ?? 'ConnectFailed', cause.message || String(cause.code), cause);
      socket.once('error', onError);
      socket.once('connect', () => {
        cancel();
        socket.off('error', onError);
        resolve(new StarlingConnection(socket, settings));
      });
    });
  }

  get isClosed(): boolean {
    return this.failure !== undefined;
  }

  /** Calls back once when the connection has ended. The returned function ends the watch. */
  onClose(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Sends a command. Rejects with a QueueError of the kind `network` if no answer comes. */
  request(command: Buffer, options: CommandOptions = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.send([command], options, ([answer], failure) => {
        if (answer === undefined) reject(failure!);
        else resolve(answer);
      });
    });
  }

  /** Sends commands in one write. Resolves with the answers that come. */
  requestAll(commands: readonly Buffer[]): Promise<Answers> {
    return new Promise((resolve) => {
      this.send(commands, {}, (answers, failure) => resolve({ answers, failure }));
    });
  }

  /** Closes the connection. Commands without an answer are rejected with `error`. */
  destroy(error: QueueError): void {
    this.fail(error);
  }

  private send(
    commands: readonly Buffer[],
    { mayFail = false, waitMs = 0 }: CommandOptions,
    end: Pending['end'],
  ): void {
    if (this.failure) return end([], this.failure);
    const bytes = commands.length === 1 ? commands[0]! : Buffer.concat(commands);
    this.pending.push({ commands, answers: [], bytes: bytes.length, mayFail, end });
    this.waitMs = waitMs;
    this.socket.write(bytes);
    this.extendDeadline();
  }

  private read(chunk: Buffer): void {
    this.reads += 1;
    const { isInItem } = this.reader;
    let isAnswered = false;
    try {
      this.reader.push(chunk, (answer) => {
        isAnswered = true;
        this.answer(answer);
      });
      // A server that sends bytes without an end gets no more time. A large item has its time once.
      if (isAnswered || (this.reader.isInItem && !isInItem)) this.extendDeadline();
    } catch (cause) {
      this.fail(unexpected(this.settings.subject, `the server sent ${(cause as Error).message}`, cause));
    }
  }

  private answer(answer: Answer): void {
    if (this.isClosed) return;
    const [pending] = this.pending;
    if (pending === undefined) {
      return this.fail(unexpected(this.settings.subject, 'the server sent an answer that no command asked for'));
    }
    const { commands, answers, mayFail, end } = pending;
    pending.bytes -= commands[answers.length]!.length;
    answers.push(answer);
    if (answers.length === commands.length) {
      this.pending.shift();
      end(answers, undefined);
    }
    // Siberite and Kestrel close after an error. Starling answers twice to one refused command.
    if (answer.type === 'line' && !mayFail && !isOrdinary(answer.text)) {
      this.fail(unexpected(this.settings.subject, 'the server refused a command before this one'));
    }
  }

  /** Acts on the end of the time, which answers may have moved since the timer was set. */
  private checkDeadline(): void {
    this.timerAt = Infinity;
    if (this.pending.length === 0) return;
    if (this.deadline > this.settings.clock.now()) this.setTimer();
    else this.giveUpIfSilent();
  }

  /** Lets the timer fire at the deadline at the latest. */
  private setTimer(): void {
    if (this.deadline >= this.timerAt) return;
    this.timerAt = this.deadline;
    this.timer.restart(Math.max(0, this.deadline - this.settings.clock.now()));
  }

  /**
   * Closes the connection, unless an answer waits in the kernel. After a blocked event loop a timer
   * runs before anything is read, and a server that answered in time must not look silent.
   */
  private giveUpIfSilent(): void {
    const { reads } = this;
    setImmediate(() => {
      if (this.pending.length === 0 || this.isClosed) return;
      if (this.reads === reads || this.isLate) return this.fail(silent(this.settings.subject, this.patienceMs()));
      const now = this.settings.clock.now();
      // A whole answer came, and the next one has its time.
      if (this.deadline > now) return;
      // Bytes came that are no whole answer, so their rest must follow at once.
      this.isLate = true;
      this.deadline = now + REST_MS;
      this.setTimer();
    });
  }

  /**
   * Gives the next answer its time. A timer that fires earlier stays as it is, so that a connection with
   * a lot to do has one timer in `timeoutMs`.
   */
  private extendDeadline(): void {
    if (this.pending.length === 0 || this.isClosed) return;
    this.isLate = false;
    this.deadline = this.settings.clock.now() + this.patienceMs();
    this.setTimer();
  }

  /** Milliseconds for which the server may be silent now. */
  private patienceMs(): number {
    const bytes = this.pending.reduce((sum, pending) => sum + pending.bytes, this.reader.itemLength);
    return this.settings.timeoutMs + this.waitMs + Math.floor(bytes / BYTES_PER_MS);
  }

  private fail(error: QueueError): void {
    if (this.failure) return;
    this.failure = error;
    this.timer.cancel();
    this.socket.destroy();
    for (const { answers, end } of this.pending.splice(0)) end(answers, error);
    for (const listener of this.listeners) listener();
  }
}
