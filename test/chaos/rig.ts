import { ClientSqsThrift, type ClientSqsThriftOptions } from 'nestjs-sqs-thrift';
import { findService, loadSchemaFromText } from 'nestjs-sqs-thrift/idl';
import { createEventCodec } from '#lib/event/event-codec.js';
import { call } from '../fakes/sqs/call.js';
import { serviceOf, type SqsService, startService } from './kit/service.js';
import { type SqsFake, type SqsFakeOptions, startSqsFake } from '../fakes/sqs/sqs-fake.js';

export const Texts = findService(
  loadSchemaFromText('service Texts { oneway void text(1: string text) }', { fileName: 'texts.thrift' }),
  'Texts',
);

/** The stub of {@link Texts}. */
export interface TextsStub {
  text(text: string): Promise<string>;
}

export const codec = createEventCodec([Texts]);

/** Bytes of a call around its text; a text of a multiple of 3 bytes more gives a body without padding. */
export const CALL_BYTES = codec.encode({ method: 'text', args: { text: '' } }).length;

/** Counts the results of several emits. */
export interface MoveReport {
  /** The message id of each emit that was stored, by its position. */
  readonly stored: ReadonlyMap<number, string>;
  /** The error of each that was not. */
  readonly failed: ReadonlyMap<number, Error & { readonly code?: string }>;
}

/** Waits for all emits to end. */
export async function moveReport(emits: readonly Promise<string>[]): Promise<MoveReport> {
  const stored = new Map<number, string>();
  const failed = new Map<number, Error>();
  const ends = emits.map((emit, at) =>
    emit.then(
      (id) => void stored.set(at, id),
      (error: Error) => void failed.set(at, error),
    ),
  );
  await Promise.all(ends);
  return { stored, failed };
}

const QUEUE = 'texts';

/** Receives at a time when a queue is emptied. */
const DRAINERS = 8;

/** A call that a queue held. */
export interface Drained {
  /** Of its message. */
  readonly id: string;
  readonly text: string;
}

/** An SQS with a queue `texts`, and clients of it. It knows of the queue what anybody may ask. */
export class ServiceRig {
  private readonly clients: ClientSqsThrift[] = [];

  protected constructor(readonly service: SqsService) {}

  /** On the service that CHAOS_SQS names. */
  static async start(): Promise<ServiceRig> {
    const service = await startService();
    await service.createQueue(QUEUE);
    return new ServiceRig(service);
  }

  /** Where clients and workers find the service. */
  get access(): Required<Pick<SqsService, 'region' | 'endpoint' | 'credentials'>> {
    const { region, endpoint, credentials } = this.service;
    return { region, endpoint, credentials };
  }

  /** A client of the queue `texts`, unless the options say otherwise. */
  client(options: Partial<ClientSqsThriftOptions> = {}): ClientSqsThrift {
    const client = new ClientSqsThrift({
      ...this.access,
      queue: QUEUE,
      service: Texts,
      retryBaseMs: 20,
      ...options,
    });
    this.clients.push(client);
    return client;
  }

  /** Emits texts as fast as it goes, and waits for how each ends. */
  async emit(client: ClientSqsThrift, texts: readonly string[]): Promise<MoveReport> {
    const stub = client.getService<TextsStub>(Texts);
    return moveReport(texts.map((text) => stub.text(text)));
  }

  /** Counts the messages of the queue `texts`, hidden messages included. */
  async depth(queue = QUEUE): Promise<number> {
    const { Attributes } = await this.ask('GetQueueAttributes', { queue, AttributeNames: ['All'] });
    const count = (suffix: string): number =>
      Number((Attributes as Record<string, string>)[`ApproximateNumberOfMessages${suffix}`]);
    return count('') + count('NotVisible') + count('Delayed');
  }

  /** Takes out of the queue `texts` whatever it holds, of which none may be hidden. Tells all calls. */
  async drain(): Promise<readonly Drained[]> {
    const found: Drained[] = [];
    const take = async (): Promise<void> => {
      for (;;) {
        const { Messages = [] } = await this.ask('ReceiveMessage', { MaxNumberOfMessages: 10, VisibilityTimeout: 600 });
        const received = Messages as { MessageId: string; Body: string; ReceiptHandle: string }[];
        if (received.length === 0) return;
        for (const { MessageId: id, Body } of received) {
          found.push(...codec.decode(Body).map(({ args }) => ({ id, text: args.text as string })));
        }
        const Entries = received.map(({ ReceiptHandle }, at) => ({ Id: String(at), ReceiptHandle }));
        await this.ask('DeleteMessageBatch', { Entries });
      }
    };
    await Promise.all(Array.from({ length: DRAINERS }, take));
    const left = await this.depth();
    if (left > 0) throw new Error(`${left} messages were hidden while the queue was emptied`);
    return found;
  }

  async stop(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.close()));
    await this.service.stop();
  }

  private async ask(action: string, input: object): Promise<Readonly<Record<string, unknown>>> {
    const { error, body } = await call(this.service, action, { queue: QUEUE, ...input });
    if (error !== undefined) throw new Error(`${action}: ${error}`);
    return body;
  }
}

/** The same on the fake, which misbehaves by script and tells what no SQS tells. */
export class Rig extends ServiceRig {
  private constructor(readonly fake: SqsFake) {
    super(serviceOf(fake));
  }

  static override async start(options: SqsFakeOptions = {}): Promise<Rig> {
    const fake = await startSqsFake(options);
    fake.createQueue(QUEUE);
    return new Rig(fake);
  }

  /** The texts of all calls that the queue ever stored, in its order. */
  texts(queue = QUEUE): string[] {
    return this.fake.stored(queue).flatMap(({ body }) => codec.decode(body).map(({ args }) => args.text as string));
  }

  /** Requests of an action so far. */
  requests(action: string): number {
    return this.fake.log.count(action).requests;
  }
}

/** `count` different texts of some bytes each. */
export function texts(count: number, bytes = 12): string[] {
  return Array.from({ length: count }, (_, at) => `${at}-`.padEnd(bytes, 'x'));
}
