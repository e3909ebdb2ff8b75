import type { IncomingMessage, ServerResponse } from 'node:http';
import { sleep, type Clock } from '#lib/queue/clock.js';
import { runAction } from './actions.js';
import { planBatch } from './entry-faults.js';
import { delayMs, finalFault, ofKind, type Fault, type FaultMoment, type FaultScript } from './faults.js';
import { answerError, answerFault, answerHalf, answerJson, readRequest, type ReadRequest } from './http.js';
import type { Input } from './input.js';
import { MessageFaults } from './message-faults.js';
import type { QueueContext } from './queue-actions.js';
import { receive } from './receive-action.js';
import { receiveAnswer } from './receive-answer.js';
import { Refusal } from './refusal.js';
import type { Replies } from './replies.js';
import type { LoggedRequest, RequestLog } from './request-log.js';
import { checkSignatureTime } from './signature-time.js';

export interface HandlerContext extends QueueContext {
  readonly clock: Clock;
  readonly log: RequestLog;
  readonly script: () => FaultScript | undefined;
  readonly replies: Replies;
  /** Time of the server, for its Date header and for the check of signatures. */
  readonly wallClock: () => number;
  readonly checkSignatures: boolean;
  /** Aborts when the server stops. */
  readonly stopping: AbortSignal;
}

/** One request on its way through the server. */
interface Exchange {
  readonly request: LoggedRequest;
  readonly faults: readonly Fault[];
  readonly response: ServerResponse;
  /** Aborts when the client is gone, also after it got its answer. */
  readonly gone: AbortSignal;
}

/** Answers requests as SQS does, or as the fault script says. */
export class RequestHandler {
  /** Errors of the server itself and of scripts, which no test may overlook. */
  readonly failures: unknown[] = [];
  private readonly messageFaults = new MessageFaults();

  constructor(private readonly context: HandlerContext) {}

  readonly handle = (incoming: IncomingMessage, response: ServerResponse): void => {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    this.serve(incoming, response, gone.signal).catch((error: unknown) => {
      this.failures.push(error);
      response.socket?.resetAndDestroy();
    });
  };

  private async serve(incoming: IncomingMessage, response: ServerResponse, gone: AbortSignal): Promise<void> {
    const { log, wallClock, script } = this.context;
    response.setHeader('date', new Date(wallClock()).toUTCString());
    const read = await readRequest(incoming).catch((error: unknown) => {
      if (error instanceof SyntaxError) answerError(response, 'SerializationException', 'The body is not JSON.');
      else if (!gone.aborted && !incoming.destroyed) throw error;
    });
    if (read === undefined) return;
    const request = this.noted(read);
    log.start(request);
    const left = (): void => log.end(request, 'left');
    if (gone.aborted) left();
    else gone.addEventListener('abort', left, { once: true });
    const faults = [script()?.(request) ?? []].flat();
    const outcome = await this.answer({ request, faults, response, gone });
    if (outcome !== undefined) log.end(request, outcome);
  }

  private noted({ action, body, headers, bytes, accessKey, signedAt }: ReadRequest): LoggedRequest {
    return {
      action,
      body,
      headers,
      number: this.context.log.count(action).requests + 1,
      at: this.context.clock.now(),
      accessKey,
      signedAt,
      bytes,
      entries: Array.isArray(body.Entries) ? body.Entries.length : 1,
      outcome: 'open',
    };
  }

  /** Resolves with the outcome; with undefined when there is no answer and only the client can end the request. */
  private async answer(exchange: Exchange): Promise<string | undefined> {
    const { request, faults, response } = exchange;
    await this.delay(faults, 'before');
    const early = finalFault(faults, 'before') ?? this.context.replies.to(request);
    if (early !== undefined) return answerFault(response, early);
    const result = await this.result(exchange);
    if (result === undefined) return undefined;
    await this.delay(faults, 'after');
    const late = finalFault(faults, 'after');
    if (late !== undefined) return answerFault(response, late);
    if (result instanceof Refusal) {
      answerError(response, result.code, result.message);
      return result.code;
    }
    const [truncation] = ofKind(faults, 'truncate');
    if (truncation === undefined) answerJson(response, result);
    else answerHalf(response, result, truncation.cut ?? 'json');
    return truncation === undefined ? 'ok' : 'truncated';
  }

  /** Returns the answer of the action. Undefined if the client has gone. */
  private async result({ request, faults, gone }: Exchange): Promise<object | undefined> {
    const { checkSignatures, wallClock, stopping } = this.context;
    if (stopping.aborted) return undefined;
    // A stranded long poll goes on without its client.
    const signal = ofKind(faults, 'strand').length > 0 ? stopping : gone;
    try {
      if (checkSignatures) checkSignatureTime(request.signedAt, wallClock());
      const plan = planBatch(request.body, faults);
      const done = plan.input === undefined ? {} : await this.carryOut(request.action, plan.input, faults, signal);
      return plan.answer(done);
    } catch (error) {
      if (error instanceof Refusal) return error;
      if (signal.aborted && error === signal.reason) return undefined;
      throw error;
    }
  }

  private async carryOut(action: string, input: Input, faults: readonly Fault[], signal: AbortSignal): Promise<object> {
    if (action !== 'ReceiveMessage') return runAction(action, input, this.context);
    signal.throwIfAborted();
    const queue = this.context.queues.of(input);
    const stayVisible = this.messageFaults.staysVisible(faults);
    const deliveries = await receive(queue, input, { now: this.context.now, signal, stayVisible });
    // What stayed visible is there for the next one who waits.
    queue.waiters.serve();
    const answer = receiveAnswer(deliveries, input);
    if (answer.Messages === undefined) return answer;
    return { Messages: this.messageFaults.corrupt(answer.Messages, faults) };
  }

  /** Waits whether or not the client does: a late request is carried out all the same. */
  private async delay(faults: readonly Fault[], moment: FaultMoment): Promise<void> {
    const ms = delayMs(faults, moment);
    if (ms > 0) await sleep(this.context.clock, ms, this.context.stopping);
  }
}
