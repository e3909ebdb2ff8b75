import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from '../http-server.js';
import { errorShape } from './error-answer.js';
import type { Fault, FinalFault } from './faults.js';
import type { Input } from './input.js';

export const JSON_TYPE = 'application/x-amz-json-1.0';

/** Holds the parts of a request. */
export interface ReadRequest {
  readonly action: string;
  readonly body: Input;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: number;
  readonly accessKey: string;
  readonly signedAt: number;
}

/** Reads a request to its end. Rejects when the client leaves meanwhile or sends no JSON. */
export async function readRequest(incoming: IncomingMessage): Promise<ReadRequest> {
  const text = await readBody(incoming);
  const { authorization = '', 'x-amz-target': target, 'x-amz-date': date } = incoming.headers;
  return {
    action: String(target).replace('AmazonSQS.', ''),
    body: JSON.parse(text.toString('utf8')) as Input,
    headers: incoming.headers,
    bytes: text.length,
    accessKey: /Credential=([^/]+)\//.exec(authorization)?.[1] ?? '',
    signedAt: readDate(String(date)),
  };
}

/** `20250101T120000Z` in ms since the epoch. */
function readDate(text: string): number {
  return Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

/** Answers JSON with status 200. */
export function answerJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': JSON_TYPE }).end(JSON.stringify(value));
}

/** Answers half of what it should be. */
export function answerHalf(response: ServerResponse, value: object, cut: 'json' | 'connection'): void {
  const text = JSON.stringify(value);
  const half = text.slice(0, Math.ceil(text.length / 2));
  response.writeHead(200, {
    'content-type': JSON_TYPE,
    'content-length': cut === 'json' ? half.length : Buffer.byteLength(text),
  });
  if (cut === 'json') response.end(half);
  else response.write(half, () => response.socket?.resetAndDestroy());
}

/** Answers an error as SQS does, or one that a script wants otherwise. */
export function answerError(
  response: ServerResponse,
  code: string,
  message: string,
  given: Pick<Extract<Fault, { readonly kind: 'error' }>, 'status' | 'query'> = {},
): void {
  const shape = errorShape(code);
  const { status = shape.status, query = shape.query } = given;
  response
    .writeHead(status, {
      'content-type': JSON_TYPE,
      ...(query !== undefined && { 'x-amzn-query-error': query }),
    })
    .end(JSON.stringify({ __type: shape.type, message }));
}

/** Ends a request as a fault says, and tells how it ended; undefined when it goes on hanging. */
export function answerFault(response: ServerResponse, fault: FinalFault): string | undefined {
  switch (fault.kind) {
    case 'error':
      answerError(response, fault.error, fault.message ?? 'said by the fake', fault);
      return fault.error;
    case 'json':
      answerJson(response, fault.json);
      return 'ok';
    case 'text':
      response.writeHead(fault.status, { 'content-type': fault.contentType ?? 'text/html' }).end(fault.text);
      return String(fault.status);
    case 'reset':
      response.socket?.resetAndDestroy();
      return 'reset';
    case 'hang':
      return undefined;
  }
}
