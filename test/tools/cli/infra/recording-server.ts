import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { EmbeddedSqs } from '#lib/testing.js';
import { type HttpServer, readBody, startHttpServer } from '../../../fakes/http-server.js';

/** An action on a resource, as IAM names both. */
export type Used = `${string} on ${string}`;

/** Stands before an embedded server, as the endpoint of one role. Records the actions that the role takes. */
export interface RecordingServer {
  readonly endpoint: string;
  readonly used: ReadonlySet<Used>;
  stop(): Promise<void>;
}

export async function startRecordingServer(sqs: EmbeddedSqs): Promise<RecordingServer> {
  const used = new Set<Used>();
  const server: HttpServer = await startHttpServer((incoming, outgoing) => {
    void readBody(incoming).then(
      (body) => {
        used.add(usedBy(incoming, body.toString(), sqs.region));
        passOn(incoming, body, outgoing, sqs.endpoint);
      },
      () => outgoing.destroy(),
    );
  });
  return { endpoint: server.endpoint, used, stop: () => server.close() };
}

/** Sends a request on. Ends it when the client leaves, as at the end of a long poll. */
function passOn(incoming: IncomingMessage, body: Buffer, outgoing: ServerResponse, endpoint: string): void {
  const { method, url, headers } = incoming;
  const { host } = new URL(endpoint);
  const passed = request(`${endpoint}${url}`, { method, headers: { ...headers, host } }, (answer) => {
    outgoing.writeHead(answer.statusCode!, answer.headers);
    answer.pipe(outgoing);
  });
  passed.on('error', () => outgoing.destroy());
  outgoing.on('close', () => passed.destroy());
  passed.end(body);
}

/** IAM has one action for a verb and its batch. */
function usedBy({ method, url, headers }: IncomingMessage, body: string, region: string): Used {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') {
    const { QueueUrl, QueueName } = JSON.parse(body) as { QueueUrl?: string; QueueName?: string };
    const name = QueueName ?? QueueUrl!.split('/').at(-1)!;
    const action = target.replace('AmazonSQS.', '').replace(/Batch$/, '');
    return `sqs:${action} on arn:aws:sqs:${region}:000000000000:${name}`;
  }
  if (headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    const form = new URLSearchParams(body);
    return `sns:${form.get('Action')!.replace(/Batch$/, '')} on ${form.get('TopicArn')!}`;
  }
  const verb = { PUT: 's3:PutObject', GET: 's3:GetObject', DELETE: 's3:DeleteObject' }[method!];
  return `${verb ?? `s3:${method!}`} on arn:aws:s3:::${new URL(url!, 'http://s3').pathname.slice(1)}`;
}
