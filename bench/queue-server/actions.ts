import type { Counters } from './counters.js';
import { type MessageAttributes, Queue, type StoredMessage, storedMessage } from './queue.js';

/** The members of requests that the server reads. */
interface Input {
  readonly QueueUrl?: string;
  readonly QueueName?: string;
  readonly MessageBody?: string;
  readonly MessageAttributes?: MessageAttributes;
  readonly MaxNumberOfMessages?: number;
  readonly WaitTimeSeconds?: number;
  readonly AttributeNames?: readonly string[];
  readonly MessageSystemAttributeNames?: readonly string[];
  readonly ReceiptHandle?: string;
  readonly VisibilityTimeout?: number;
  readonly Entries?: readonly Entry[];
}

interface Entry extends Input {
  readonly Id: string;
}

/** Answers a request once with JSON. */
export interface Reply {
  (json: string): void;
  /** Calls a function if the client closes the connection first. */
  onClosed(cancel: () => void): void;
}

const ACCOUNT = '000000000000';
const DEFAULT_RECEIVE = 1;

/** Performs the actions of SQS without its rules: queues exist once they are named, and leases never end. */
export class Actions {
  private readonly queues = new Map<string, Queue>();
  private readonly inFlight = new Map<number, { readonly queue: Queue; readonly message: StoredMessage }>();
  private receipts = 0;
  private ids = 0;

  constructor(
    /** Address of the server without a slash at the end. */
    private readonly endpoint: () => string,
    private readonly counters: Counters,
  ) {}

  /** Returns false if the action is unknown. */
  perform(action: string, body: string, reply: Reply): boolean {
    const input = JSON.parse(body) as Input;
    switch (action) {
      case 'SendMessageBatch':
        reply(this.sendBatch(action, input));
        return true;
      case 'ReceiveMessage':
        this.receive(action, input, reply);
        return true;
      case 'DeleteMessageBatch':
      case 'ChangeMessageVisibilityBatch':
        reply(this.endBatch(action, input));
        return true;
      case 'SendMessage':
        reply(this.send(action, input));
        return true;
      case 'DeleteMessage':
      case 'ChangeMessageVisibility':
        this.counters.request(action, 0);
        this.end(action, [input]);
        reply('{}');
        return true;
      default:
        return this.describe(action, input, reply);
    }
  }

  queue(name: string): Queue {
    let queue = this.queues.get(name);
    if (queue === undefined) this.queues.set(name, (queue = new Queue()));
    return queue;
  }

  private describe(action: string, { QueueName = '', QueueUrl = '' }: Input, reply: Reply): boolean {
    if (action !== 'GetQueueUrl' && action !== 'GetQueueAttributes') return false;
    this.counters.request(action, 0);
    if (action === 'GetQueueUrl') {
      reply(JSON.stringify({ QueueUrl: `${this.endpoint()}/${ACCOUNT}/${QueueName}` }));
      return true;
    }
    const Attributes = {
      QueueArn: `arn:aws:sqs:us-east-1:${ACCOUNT}:${nameOf(QueueUrl)}`,
      ApproximateNumberOfMessages: String(this.at(QueueUrl).depth),
      MaximumMessageSize: '1048576',
      VisibilityTimeout: '30',
    };
    reply(JSON.stringify({ Attributes }));
    return true;
  }

  private at(queueUrl: string | undefined): Queue {
    return this.queue(nameOf(queueUrl ?? ''));
  }

  private nextId(): string {
    this.ids += 1;
    return `00000000-0000-4000-8000-${String(this.ids).padStart(12, '0')}`;
  }

  private send(action: string, { QueueUrl, MessageBody = '', MessageAttributes }: Input): string {
    const message = storedMessage(MessageBody, MessageAttributes, this.nextId());
    this.counters.request(action, message.bytes);
    this.counters.messagesSent(1);
    this.at(QueueUrl).push([message]);
    return `{${sentMembers(message)}}`;
  }

  private sendBatch(action: string, { QueueUrl, Entries = [] }: Input): string {
    const messages: StoredMessage[] = [];
    let json = '';
    let bytes = 0;
    for (const { Id, MessageBody = '', MessageAttributes } of Entries) {
      const message = storedMessage(MessageBody, MessageAttributes, this.nextId());
      messages.push(message);
      bytes += message.bytes;
      json += `${json === '' ? '' : ','}{"Id":${JSON.stringify(Id)},${sentMembers(message)}}`;
    }
    this.counters.request(action, bytes);
    this.counters.messagesSent(messages.length);
    this.at(QueueUrl).push(messages);
    return `{"Successful":[${json}]}`;
  }

  private receive(action: string, input: Input, reply: Reply): void {
    const { QueueUrl, MaxNumberOfMessages: max = DEFAULT_RECEIVE, WaitTimeSeconds = 0 } = input;
    const queue = this.at(QueueUrl);
    const deliver = (messages: readonly StoredMessage[]): void => reply(this.delivered(action, queue, messages, input));
    const messages = queue.take(max);
    if (messages.length > 0 || WaitTimeSeconds === 0) return deliver(messages);
    const end = (found: readonly StoredMessage[]): void => {
      clearTimeout(timer);
      deliver(found);
    };
    const waiter = { max, deliver: end };
    const timer = setTimeout(() => {
      queue.forget(waiter);
      end([]);
    }, WaitTimeSeconds * 1000);
    queue.wait(waiter);
    reply.onClosed(() => {
      clearTimeout(timer);
      queue.forget(waiter);
    });
  }

  private delivered(
    action: string,
    queue: Queue,
    messages: readonly StoredMessage[],
    { AttributeNames = [], MessageSystemAttributeNames = [] }: Input,
  ): string {
    const system = AttributeNames.length + MessageSystemAttributeNames.length > 0;
    let json = '';
    let bytes = 0;
    for (const message of messages) {
      const { id = this.nextId(), received, sentAt } = message;
      this.receipts += 1;
      this.inFlight.set(this.receipts, { queue, message: message.id === undefined ? { ...message, id } : message });
      bytes += message.bytes;
      const attributes = system
        ? `"Attributes":{"SentTimestamp":"${sentAt}","ApproximateReceiveCount":"${received + 1}"},`
        : '';
      json += `${json === '' ? '' : ','}{"MessageId":"${id}","ReceiptHandle":"${this.receipts}",${attributes}${message.json}}`;
    }
    this.counters.request(action, bytes);
    if (messages.length === 0) return '{}';
    this.counters.messagesReceived(messages.length);
    return `{"Messages":[${json}]}`;
  }

  private endBatch(action: string, { Entries = [] }: Input): string {
    this.counters.request(action, 0);
    this.end(action, Entries);
    return `{"Successful":[${Entries.map(({ Id }) => `{"Id":${JSON.stringify(Id)}}`).join()}]}`;
  }

  /** Deletes messages, or makes them visible again if their new timeout is 0. Counts each message once. */
  private end(action: string, entries: readonly Input[]): void {
    const deletes = action.startsWith('Delete');
    let deleted = 0;
    for (const { ReceiptHandle, VisibilityTimeout } of entries) {
      const receipt = Number(ReceiptHandle);
      const held = this.inFlight.get(receipt);
      if (held === undefined || !(deletes || VisibilityTimeout === 0)) continue;
      this.inFlight.delete(receipt);
      if (deletes) deleted += 1;
      else held.queue.push([{ ...held.message, received: held.message.received + 1 }]);
    }
    if (deletes) this.counters.messagesDeleted(deleted);
  }
}

function nameOf(queueUrl: string): string {
  return queueUrl.slice(queueUrl.lastIndexOf('/') + 1);
}

function sentMembers({ id, md5, attributesMd5 }: StoredMessage): string {
  const attributes = attributesMd5 === undefined ? '' : `,"MD5OfMessageAttributes":"${attributesMd5}"`;
  return `"MessageId":"${id}","MD5OfMessageBody":"${md5}"${attributes}`;
}
