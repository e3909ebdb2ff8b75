import { pipeline, Readable, Transform } from 'node:stream';
import { TransformStream } from 'node:stream/web';

/**
 * Largest answer to a receive in bytes. Ten messages of 1 MiB take six times as much if a server
 * escapes every character of their JSON (`\u0009`). 4 MiB are left for receipts and attributes' frames.
 */
const MAX_RECEIVE_ANSWER_BYTES = 67_108_864;

/** Largest answer in bytes to any other request, and largest error. Such answers have a few KiB. */
const MAX_ANSWER_BYTES = 1_048_576;

/** Code of the error for an answer that is larger than allowed. */
export const ANSWER_TOO_LARGE = 'AnswerTooLarge';

/** Builds the error that ends the reading of an answer. */
export function answerTooLarge(maxBytes: number): Error {
  return Object.assign(new Error(`the answer has more than ${maxBytes} bytes`), { code: ANSWER_TOO_LARGE });
}

/** Limits the size of an answer. */
export interface AnswerLimit {
  readonly maxBytes: number;
  /** Largest error in bytes. */
  readonly maxErrorBytes: number;
}

/** Limits every answer, apart from answers to receives. */
export const ANSWER_LIMIT: AnswerLimit = { maxBytes: MAX_ANSWER_BYTES, maxErrorBytes: MAX_ANSWER_BYTES };

export const RECEIVE_LIMIT: AnswerLimit = { maxBytes: MAX_RECEIVE_ANSWER_BYTES, maxErrorBytes: MAX_ANSWER_BYTES };

/** Limits errors alone, for answers that their reader limits. */
export const ERROR_LIMIT: AnswerLimit = { maxBytes: Infinity, maxErrorBytes: MAX_ANSWER_BYTES };

/** The HTTP answer of a request handler of the SDK. */
interface HttpAnswer {
  readonly statusCode?: number;
  body?: unknown;
}

type Step = (args: object) => Promise<{ readonly response?: unknown }>;

/**
 * Limits the answer to a command of the AWS SDK. The SDK reads an answer to its end, however long. An
 * answer beyond the limit fails the request, and its connection is closed.
 */
export function limitAnswer(
  { middlewareStack }: { readonly middlewareStack: { add(middleware: never, options: never): void } },
  limit: AnswerLimit,
): void {
  const middleware =
    (next: Step): Step =>
    async (args) => {
      const result = await next(args);
      const answer = Object(result.response) as HttpAnswer;
      const isError = (answer.statusCode ?? 0) >= 300;
      const maxBytes = isError ? limit.maxErrorBytes : limit.maxBytes;
      if (maxBytes !== Infinity) answer.body = limited(answer.body, maxBytes);
      return result;
    };
  // The innermost step, where the answer is still a stream.
  const place = { step: 'deserialize', priority: 'low', name: 'limitAnswer', override: true };
  middlewareStack.add(middleware as never, place as never);
}

/** Request handlers give streams of Node, or of the web. Other bodies are whole already. */
function limited(body: unknown, maxBytes: number): unknown {
  const count = counter(maxBytes);
  if (body instanceof Readable) {
    const transform = new Transform({
      transform(chunk: Uint8Array, _encoding, done) {
        done(count(chunk), chunk);
      },
    });
    // The reader of the answer gets the error. It also destroys the body, which closes the connection.
    return pipeline(body, transform, () => undefined);
  }
  if (!(body instanceof ReadableStream)) return body;
  return body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        const error = count(chunk);
        if (error === null) controller.enqueue(chunk);
        else controller.error(error);
      },
    }) as never,
  );
}

/** Counts chunks. Returns the error for the chunk that exceeds the limit. */
function counter(maxBytes: number): (chunk: Uint8Array) => Error | null {
  let bytes = 0;
  return (chunk) => {
    bytes += chunk.byteLength;
    return bytes > maxBytes ? answerTooLarge(maxBytes) : null;
  };
}
