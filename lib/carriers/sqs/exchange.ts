import { warnOnce } from '../../common/warn-once.js';
import { ANSWER_LIMIT, type AnswerLimit, limitAnswer } from './answer-limit.js';

/** A request as it left the client, after every middleware. */
export interface WireRequest {
  /** Input that was serialized. */
  readonly input: unknown;
  /** Returns the body of the HTTP request. Undefined unless it is text or bytes. */
  readonly body: () => string | undefined;
}

/** Takes the answer of a server, before middleware of the client can change it or fail. */
export type AnswerListener<Answer> = (answer: Answer, request: WireRequest) => void;

interface StepArguments {
  readonly input: unknown;
  readonly request?: { readonly body?: unknown };
}

/** A command of the AWS SDK, by the part of its shape that this file uses. */
interface TappedCommand {
  readonly middlewareStack: { add(middleware: never, options: never): void };
}

/**
 * Sends a command once and resolves with the answer. Rejects only if the server gave no answer. If
 * middleware of the client fails after the answer, the answer counts: the server has carried out the
 * request, and a repetition would carry it out again. A client that throws before it returns a
 * promise rejects, too.
 *
 * @param limit size of the answer. Default: 1 MiB
 */
export async function exchange<Answer>(
  command: TappedCommand,
  send: () => Promise<Answer>,
  onAnswer?: AnswerListener<Answer>,
  limit: AnswerLimit = ANSWER_LIMIT,
): Promise<Answer> {
  const tap = new Tap<Answer>(onAnswer);
  const place = { step: 'deserialize', priority: 'high', name: 'noteAnswer', override: true };
  command.middlewareStack.add(tap.middleware as never, place as never);
  limitAnswer(command, limit);
  try {
    return await send();
  } catch (error) {
    if (tap.answered === undefined) throw error;
    warnOfMiddleware(error);
    return tap.answered.output;
  }
}

interface Answered<Answer> {
  readonly output: Answer;
}

type Step<Answer> = (args: StepArguments) => Promise<Answered<Answer>>;

/** Notes the answer at the innermost place of a client that has the answer as an object. */
class Tap<Answer> {
  answered: Answered<Answer> | undefined;

  constructor(private readonly onAnswer: AnswerListener<Answer> | undefined) {}

  /** Performs the request once: the client may repeat it after a failure of its own middleware. */
  readonly middleware = (next: Step<Answer>): Step<Answer> => {
    return async (args) => {
      if (this.answered !== undefined) return this.answered;
      this.answered = await next(args);
      this.onAnswer?.(this.answered.output, { input: args.input, body: () => textOf(args.request?.body) });
      return this.answered;
    };
  };
}

function textOf(body: unknown): string | undefined {
  if (typeof body === 'string') return body;
  return ArrayBuffer.isView(body) ? Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString() : undefined;
}

function warnOfMiddleware(error: unknown): void {
  const reason = error instanceof Error ? error.message : 'an unknown failure';
  warnOnce(
    `middleware-failed ${reason.slice(0, 100)}`,
    `a middleware of the SQS, SNS or S3 client failed after the service had answered: ${reason.slice(0, 300)}. The answer counts. Correct the middleware.`,
  );
}
