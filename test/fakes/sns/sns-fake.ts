import { readBody, startHttpServer } from '../http-server.js';

/** One request as the server saw it: the parameters of the Query protocol. */
type SnsRequest = Readonly<Record<string, string>>;

/**
 * Selects the answer of the server: the inside of a result, an error of a code, any text, or no
 * answer.
 */
type SnsReply =
  | { readonly result: string }
  | { readonly error: string; readonly status: number }
  | { readonly text: string; readonly status: number }
  | 'hang';

/** An SNS server that says what a test tells it to say. */
export interface SnsFake {
  readonly endpoint: string;
  readonly requests: readonly SnsRequest[];
  on(action: string, reply: SnsReply | ((request: SnsRequest) => SnsReply)): void;
  stop(): Promise<void>;
}

/** Starts it on 127.0.0.1. Every topic exists, until told otherwise. */
export async function startSnsFake(): Promise<SnsFake> {
  const requests: SnsRequest[] = [];
  const replies = new Map<string, (request: SnsRequest) => SnsReply>([
    ['GetTopicAttributes', () => ({ result: '<Attributes/>' })],
  ]);
  const server = await startHttpServer((incoming, response) => {
    void readBody(incoming).then((body) => {
      const request: SnsRequest = Object.fromEntries(new URLSearchParams(body.toString()));
      requests.push(request);
      const reply = replies.get(request.Action!)?.(request) ?? { error: 'InvalidAction', status: 400 };
      if (reply === 'hang') return;
      const [status, text] = write(request.Action!, reply);
      response.writeHead(status, { 'content-type': 'text/xml' }).end(text);
    });
  });
  return {
    endpoint: server.endpoint,
    requests,
    on: (action, reply) => void replies.set(action, typeof reply === 'function' ? reply : () => reply),
    stop: () => server.close(),
  };
}

/** An entry of a PublishBatch answer that was stored. */
export const stored = (at: number): string => `<member><Id>${at}</Id><MessageId>m${at}</MessageId></member>`;

/** One that was not. */
export const failed = (at: number, code: string, senderFault: boolean): string =>
  `<member><Id>${at}</Id><Code>${code}</Code><Message>no</Message><SenderFault>${senderFault}</SenderFault></member>`;

function write(action: string, reply: Exclude<SnsReply, 'hang'>): [number, string] {
  if ('text' in reply) return [reply.status, reply.text];
  const id = '<RequestId>1</RequestId>';
  if ('error' in reply) {
    const error = `<Error><Type>Sender</Type><Code>${reply.error}</Code><Message>said by the fake</Message></Error>`;
    return [reply.status, `<ErrorResponse>${error}${id}</ErrorResponse>`];
  }
  const result = `<${action}Result>${reply.result}</${action}Result>`;
  return [200, `<${action}Response>${result}<ResponseMetadata>${id}</ResponseMetadata></${action}Response>`];
}
