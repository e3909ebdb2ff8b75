import { printable } from '../../common/printable.js';
import type { FauxqsApp } from './load-fauxqs.js';

/**
 * A message that a client has sent to a queue of the embedded server.
 *
 * @publicApi
 */
export interface EmbeddedMessage {
  /** Name of the queue. */
  readonly queue: string;
  readonly id: string;
  readonly body: string;
  readonly groupId?: string | undefined;
}

/** Entry of a send, by the names of SQS. */
interface SentEntry {
  readonly Id?: unknown;
  readonly MessageBody?: unknown;
  readonly MessageGroupId?: unknown;
}

interface SendRequest extends SentEntry {
  readonly QueueUrl?: unknown;
  readonly Entries?: unknown;
}

interface SendAnswer {
  readonly MessageId?: unknown;
  readonly Successful?: unknown;
}

const SEND = 'AmazonSQS.SendMessage';
const SEND_BATCH = 'AmazonSQS.SendMessageBatch';

/**
 * Calls a function for each message that a client has sent to a queue, after the answer is on its way.
 * A message that a FIFO queue has stored before counts once. A listener that throws, or returns a
 * promise that rejects, causes a warning of the process.
 */
export function watchSends(app: FauxqsApp, onSend: (message: EmbeddedMessage) => unknown): void {
  /** Ids of the messages in FIFO queues. A deduplicated send is answered with the id of the first. */
  const known = new Set<string>();
  const tell = async (message: EmbeddedMessage): Promise<void> => {
    if (message.queue.endsWith('.fifo')) {
      if (known.has(message.id)) return;
      known.add(message.id);
    }
    try {
      await onSend(message);
    } catch (error) {
      const text = `onSend failed for a message of ${printable(message.queue)}: ${printable(textOf((error as Error)?.message))}`;
      process.emitWarning(text, 'EmbeddedSqsWarning');
    }
  };
  app.addHook('preSerialization', (request, _reply, payload, done) => {
    done(null, payload);
    const target = request.headers['x-amz-target'];
    if (target !== SEND && target !== SEND_BATCH) return;
    const { Entries, ...single } = bodyOf(request.body);
    const entries = target === SEND ? [single] : Entries;
    for (const message of stored({ ...single, Entries: entries }, payload ?? {})) void tell(message);
  });
}

function bodyOf(body: unknown): SendRequest {
  const text = typeof body === 'string' || Buffer.isBuffer(body) ? body.toString() : undefined;
  return Object(text === undefined ? body : JSON.parse(text)) as SendRequest;
}

/** Returns the entries of a request that the answer names as stored. */
function stored(request: SendRequest, answer: SendAnswer): readonly EmbeddedMessage[] {
  const entries = (request.Entries as readonly (SentEntry | null)[]).filter((entry) => entry !== null);
  const successful = Array.isArray(answer.Successful)
    ? (answer.Successful as readonly { readonly Id?: unknown; readonly MessageId?: unknown }[])
    : [{ Id: request.Id, MessageId: answer.MessageId }];
  const ids = new Map(successful.map(({ Id, MessageId }) => [Id, MessageId]));
  const queue = textOf(request.QueueUrl).split('/').at(-1)!;
  return entries.flatMap(({ Id, MessageBody, MessageGroupId: groupId }) => {
    const id = ids.get(Id);
    if (typeof id !== 'string') return [];
    return [{ queue, id, body: textOf(MessageBody), ...(typeof groupId === 'string' && { groupId }) }];
  });
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
