import type {
  ChangeMessageVisibilityBatchRequestEntry,
  ChangeMessageVisibilityBatchResult,
  DeleteMessageBatchRequestEntry,
  DeleteMessageBatchResult,
  Message,
  ReceiveMessageRequest,
  ReceiveMessageResult,
  SendMessageBatchRequestEntry,
  SendMessageBatchResult,
} from '@aws-sdk/client-sqs';
import type { Aborts, AbortSource } from '../../../queue/abort-source.js';
import { ANSWER_LIMIT, RECEIVE_LIMIT } from '../answer-limit.js';
import type { DataPath } from '../data-path.js';
import { listOf } from '../entry-results.js';
import type { AnswerListener } from '../exchange.js';
import { KeyRenewal } from '../renew-keys.js';
import type { SqsClients } from '../sqs-clients.js';
import { readAnswer, type ServiceFailure } from './answer.js';
import { withBinary, withBytes } from './binary-attributes.js';
import { checkHeaderValues, type ServiceAnswer, type HttpConnections, post } from './http-exchange.js';
import { isOnLambda, lambdaTrace } from './lambda-trace.js';
import type { RequestTemplate } from './request-template.js';
import { type RetryStrategy, withRetries } from './retries.js';
import { type Keys, RequestSigner } from './signer.js';

/** Difference in ms between the clocks of client and service that SQS may refuse. It accepts five minutes. */
const CLOCK_SKEW_MS = 240_000;
/** End of the year 9999. Signatures have no later dates. */
const LATEST_MS = Date.UTC(10_000, 0);

interface OperationHeaders {
  readonly headers: Readonly<Record<string, string>>;
  readonly unsigned: Readonly<Record<string, string>>;
}

export interface LeanDataPathParts {
  readonly clients: SqsClients;
  readonly queueUrl: string;
  readonly template: RequestTemplate;
  readonly connections: HttpConnections;
  readonly strategy: RetryStrategy;
}

/**
 * Performs the data operations of one queue with few steps: a request in AWS JSON 1.0, signed here,
 * over kept connections. Region, endpoint, credentials, retries and clock are those of the SDK's
 * client. A request costs about a tenth of the processor time that the SDK takes.
 */
export class LeanDataPath implements DataPath {
  private readonly keys: KeyRenewal;
  private readonly signer: RequestSigner;
  private readonly isOnLambda = isOnLambda();
  private readonly headers = new Map<string, OperationHeaders>();

  constructor(private readonly parts: LeanDataPathParts) {
    this.keys = new KeyRenewal(parts.clients.main);
    this.signer = new RequestSigner(parts.template.scope);
  }

  sendBatch(
    entries: SendMessageBatchRequestEntry[],
    aborts: AbortSource,
    onAnswer: AnswerListener<SendMessageBatchResult>,
  ): Promise<SendMessageBatchResult> {
    return this.call('SendMessageBatch', { Entries: entries.map(withBinary) }, aborts, onAnswer);
  }

  receive(
    request: Omit<ReceiveMessageRequest, 'QueueUrl'>,
    aborts: AbortSource,
    onAnswer: AnswerListener<ReceiveMessageResult>,
  ): Promise<ReceiveMessageResult> {
    return this.call<ReceiveMessageResult>('ReceiveMessage', request, aborts, (answer, wire) => {
      for (const message of listOf<Message>(answer?.Messages)) withBytes(message);
      onAnswer(answer, wire);
    });
  }

  deleteBatch(
    Entries: DeleteMessageBatchRequestEntry[],
    aborts: AbortSource,
    onAnswer: AnswerListener<DeleteMessageBatchResult>,
  ): Promise<DeleteMessageBatchResult> {
    return this.call('DeleteMessageBatch', { Entries }, aborts, onAnswer);
  }

  changeVisibilityBatch(
    Entries: ChangeMessageVisibilityBatchRequestEntry[],
    aborts: AbortSource,
    onAnswer: AnswerListener<ChangeMessageVisibilityBatchResult>,
  ): Promise<ChangeMessageVisibilityBatchResult> {
    return this.call('ChangeMessageVisibilityBatch', { Entries }, aborts, onAnswer);
  }

  close(): void {
    void this.parts.connections.destroy();
    this.parts.clients.close();
  }

  private async call<Answer>(
    operation: string,
    parameters: object,
    aborts: AbortSource,
    onAnswer: AnswerListener<Answer>,
  ): Promise<Answer> {
    const input = { QueueUrl: this.parts.queueUrl, ...parameters };
    const body = JSON.stringify(input);
    const attempt = (keys: Keys): Promise<Answer> =>
      withRetries(this.parts.strategy, aborts, () => this.exchange<Answer>(operation, body, keys, aborts));
    const answer = await this.keys.run(attempt);
    onAnswer(answer, { input, body: () => body });
    return answer;
  }

  private async exchange<Answer>(operation: string, body: string, keys: Keys, aborts: Aborts): Promise<Answer> {
    const { template, connections, clients } = this.parts;
    const { path } = template;
    const { headers, unsigned } = this.headersOf(operation);
    const signedAt = Date.now() + clients.main.config.systemClockOffset;
    const signature = this.signer.sign({ path, headers, body }, keys, signedAt);
    // Signatures do not cover headers that a proxy may change, such as the trace.
    const changing = this.isOnLambda ? { ...signature, ...lambdaTrace() } : signature;
    checkHeaderValues(changing);
    const limit = operation === 'ReceiveMessage' ? RECEIVE_LIMIT : ANSWER_LIMIT;
    const request = { path, headers: { ...headers, ...changing, ...unsigned }, body, limit };
    const answer = await post(connections, request, aborts);
    try {
      return readAnswer<Answer>(answer);
    } catch (failure) {
      await this.correctClock(answer, failure as ServiceFailure, signedAt);
      throw failure;
    }
  }

  /** Returns the headers that all requests of an operation share. */
  private headersOf(operation: string): OperationHeaders {
    const known = this.headers.get(operation);
    if (known) return known;
    const { headers, target, userAgent } = this.parts.template;
    const made = {
      headers: { ...headers, 'x-amz-target': `${target}.${operation}` },
      unsigned: { 'user-agent': userAgent },
    };
    checkHeaderValues({ ...made.headers, ...made.unsigned });
    this.headers.set(operation, made);
    return made;
  }

  /** Signs later requests by the clock of the service, if this machine's clock is wrong. The SDK does the same. */
  private async correctClock(
    { headers }: ServiceAnswer,
    { $metadata }: ServiceFailure,
    signedAt: number,
  ): Promise<void> {
    const { date, age } = headers;
    const serviceTime = typeof date === 'string' && age === undefined ? Date.parse(date) : NaN;
    if (!(Math.abs(serviceTime - signedAt) >= CLOCK_SKEW_MS) || !(serviceTime > 0 && serviceTime < LATEST_MS)) return;
    const { config } = this.parts.clients.main;
    if ((await config.disableClockSkewCorrection?.()) === true) return;
    config.systemClockOffset = serviceTime - Date.now();
    $metadata.clockSkewCorrected = true;
  }
}
