import { ClientSqsThrift, type ClientSqsThriftOptions, findService, loadSchemaFromText } from 'nestjs-sqs-thrift';
import { createEventCodec } from '../../lib/event/event-codec.js';
import { type SqsFake, type SqsFakeOptions, startSqsFake } from './kit/sqs-fake.js';

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

/** How a number of emits ended. */
export interface Tally {
  /** The message id of each emit that was stored, by its position. */
  readonly stored: ReadonlyMap<number, string>;
  /** The error of each that was not. */
  readonly failed: ReadonlyMap<number, Error & { readonly code?: string }>;
}

/** Waits for all emits to end. */
export async function tally(emits: readonly Promise<string>[]): Promise<Tally> {
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

/** A fake SQS with a queue `texts`, and clients of it. */
export class Rig {
  private readonly clients: ClientSqsThrift[] = [];

  private constructor(readonly fake: SqsFake) {}

  static async start(options: SqsFakeOptions = {}): Promise<Rig> {
    const fake = await startSqsFake(options);
    fake.createQueue('texts');
    return new Rig(fake);
  }

  /** Where clients and workers find the fake. */
  get access(): Pick<ClientSqsThriftOptions, 'region' | 'endpoint' | 'credentials'> {
    const { region, endpoint, credentials } = this.fake;
    return { region, endpoint, credentials };
  }

  /** A client of the queue `texts`, unless the options say otherwise. */
  client(options: Partial<ClientSqsThriftOptions> = {}): ClientSqsThrift {
    const client = new ClientSqsThrift({
      ...this.access,
      queue: 'texts',
      service: Texts,
      retryBaseMs: 20,
      ...options,
    });
    this.clients.push(client);
    return client;
  }

  /** Emits texts as fast as it goes, and waits for how each ends. */
  async emit(client: ClientSqsThrift, texts: readonly string[]): Promise<Tally> {
    const stub = client.service<TextsStub>(Texts);
    return tally(texts.map((text) => stub.text(text)));
  }

  /** The texts of all calls that the queue ever stored, in its order. */
  texts(queue = 'texts'): string[] {
    return this.fake.stored(queue).flatMap(({ body }) => codec.decode(body).map(({ args }) => args.text as string));
  }

  /** Requests of an action so far. */
  requests(action: string): number {
    return this.fake.log.count(action).requests;
  }

  async stop(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.close()));
    await this.fake.stop();
  }
}

/** `count` different texts of some bytes each. */
export function texts(count: number, bytes = 12): string[] {
  return Array.from({ length: count }, (_, at) => `${at}-`.padEnd(bytes, 'x'));
}
