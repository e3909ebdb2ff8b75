import type { Counters } from './counters.js';
import { type Delivery, type MessageAttributes, Queue, StoredMessage } from './queue.js';
import { DISCARDING } from './start.js';

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
  private readonly inFlight = new Map<number, { readonly queue: Queue; readonly delivery: Delivery }>();
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
    if (queue === undefined) this.queues.set(name, (queue = new Queue(name === DISCARDING)));
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
    const message = new StoredMessage(MessageBody, MessageAttributes, this.nextId());
    this.counters.request(action, message.bytes);
    this.counters.messagesSent(1);
    const queue = this.at(QueueUrl);
    queue.push(message);
    queue.wake();
    return `{${sentMembers(message)}}`;
  }

  private sendBatch(action: string, { QueueUrl, Entries = [] }: Input): string {
    const queue = this.at(QueueUrl);
    let json = '';
    let bytes = 0;
    for (const { Id, MessageBody = '', MessageAttributes } of Entries) {
      const message = new StoredMessage(MessageBody, MessageAttributes, this.nextId());
      queue.push(message);
      bytes += message.bytes;
      json += `${json === '' ? '' : ','}{"Id":${JSON.stringify(Id)},${sentMembers(message)}}`;
    }
    this.counters.request(action, bytes);
    this.counters.messagesSent(Entries.length);
    queue.wake();
    return `{"Successful":[${json}]}`;
  }

  private receive(action: string, input: Input, reply: Reply): void {
    const { QueueUrl, MaxNumberOfMessages: max = DEFAULT_RECEIVE, WaitTimeSeconds = 0 } = input;
    const queue = this.at(QueueUrl);
    const deliver = (found: readonly Delivery[]): void => reply(this.delivered(action, queue, found, input));
    const deliveries = queue.take(max);
    if (deliveries.length > 0 || WaitTimeSeconds === 0) return deliver(deliveries);
    const end = (found: readonly Delivery[]): void => {
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
    deliveries: readonly Delivery[],
    { AttributeNames = [], MessageSystemAttributeNames = [] }: Input,
  ): string {
    const system = AttributeNames.length + MessageSystemAttributeNames.length > 0;
    let json = '';
    let bytes = 0;
    for (const { message, id = this.nextId(), received } of deliveries) {
      this.receipts += 1;
      this.inFlight.set(this.receipts, { queue, delivery: { message, id, received } });
      bytes += message.bytes;
      const attributes = system
        ? `"Attributes":{"SentTimestamp":"${message.sentAt}","ApproximateReceiveCount":"${received + 1}"},`
        : '';
      json += `${json === '' ? '' : ','}{"MessageId":"${id}","ReceiptHandle":"${this.receipts}",${attributes}${message.json}}`;
    }
    this.counters.request(action, bytes);
    if (deliveries.length === 0) return '{}';
    this.counters.messagesReceived(deliveries.length);
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
      if (deletes) {
        deleted += 1;
      } else {
        held.queue.pushAgain({ ...held.delivery, received: held.delivery.received + 1 });
        held.queue.wake();
      }
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
