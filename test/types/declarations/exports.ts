/**
 * Exports values without type annotations, as applications with `declaration: true` do. TypeScript
 * must find a name for every type of them, although only the package itself is imported.
 */
import {
  BaseThriftServer,
  ClientSqsThrift,
  type ClientSqsThriftOptions,
  type ContractError,
  KeyvIdempotencyStore,
  loadService,
  type MalformedEventError,
  MemoryIdempotencyStore,
  type PublishError,
  type QueueError,
  ServerSqsThrift,
  type ServerSqsThriftOptions,
  SqsThriftRecordBuilder,
  SqsThriftTransport,
  type ThriftContext,
  ThriftController,
  ThriftFactory,
  ThriftMethod,
  type TransportEvent,
  type TypedService,
} from 'nestjs-sqs-thrift';

interface Methods {
  readonly startBackup: { readonly emit: { readonly id: string }; readonly handle: { readonly id: string } };
}

export const service = loadService('idl/backup.thrift', 'BackupQueue');
export const typed = service as TypedService<Methods, { startBackup(id: string): Promise<string> }>;
export const { schema, routing } = service;
export const fields = () => [...service.functions.values()].map(({ args }) => args.fields);

export const untypedClient = () => new ClientSqsThrift({ queue: 'backup', service });
export const typedClient = () => new ClientSqsThrift<Methods>({ queue: 'backup', service });
export const entry = ClientSqsThrift.register('BACKUP', { queue: 'backup', service });
export const laterEntry = ClientSqsThrift.registerAsync('BACKUP', { useFactory: () => ({ queue: 'backup', service }) });
export const record = new SqsThriftRecordBuilder({ id: 'b' }).setGroupId('g');
export const built = record.build();
export const sendOptions = built.options;

/** Hands out the parts of a client, as a service of an application does. */
export class Emitter {
  constructor(private readonly client: ClientSqsThrift<Methods>) {}

  emit = () => this.client.emit.bind(this.client);
  stub = () => this.client.getService(typed);
  untypedStub = () => untypedClient().getService(service);
  start = (id: string) => this.client.emit('startBackup', { id });
  startAll = () => this.client.emitAll('startBackup', [{ id: 'b' }]);
  failures = async () => (await this.startAll()).failures;
  sender = () => this.client.unwrap();
}

export const strategy = () => new ServerSqsThrift({ queue: 'backup', service });
export const receiver = () => strategy().unwrap();
export const listen = (server: BaseThriftServer) => server.on.bind(server);
export const application = (module: new () => object) => ThriftFactory.createMicroservice(module, strategy());
export const hybrid = (module: new () => object) => ThriftFactory.create(module, [strategy()]);
export const Handles = ThriftMethod(typed, 'startBackup');
export const HandlesUntyped = ThriftMethod(service, 'startBackup');
export const Handlers = ThriftController(typed);

/** Uses what a strategy of another carrier inherits. */
export abstract class Carrier extends BaseThriftServer {
  readonly events = this.codec;
  readonly decode = this.codec.decode.bind(this.codec);
}

export const serverParts = (options: ServerSqsThriftOptions) => {
  const { retry, idempotency, largePayloads, envelope, timeouts, classifyError, limits, unknownFields } = options;
  return { retry, idempotency, largePayloads, envelope, timeouts, classifyError, limits, unknownFields };
};
export const clientParts = ({ pack, buffer, topicClient, client }: ClientSqsThriftOptions) => {
  return { pack, buffer, topicClient, client };
};
export const fetcher = ({ envelope }: ServerSqsThriftOptions) => envelope?.fetch;
export const clientOfS3 = ({ largePayloads }: ServerSqsThriftOptions) => largePayloads?.client;
export const markOfS3 = ({ largePayloads }: ServerSqsThriftOptions) => largePayloads?.reservedAttribute;

export const publishCode = (error: PublishError) => error.code;
export const contractCode = (error: ContractError) => error.code;
export const kind = (error: QueueError) => error.kind;
export const reason = (error: MalformedEventError) => error.reason;
export const settled = (event: TransportEvent) => (event.type === 'settled' ? event : undefined);
export const notSettled = (event: TransportEvent) => (event.type === 'settle-failed' ? event : undefined);

export const callOf = (context: ThriftContext) => context.getArgs()[0];
export const deliveryOf = (context: ThriftContext) => context.getArgs()[1];
export const leaseOf = (context: ThriftContext) => deliveryOf(context).lease;
export const copyOf = (context: ThriftContext) => deliveryOf(context).message.copy;
export const defectOf = (context: ThriftContext) => deliveryOf(context).message.defect;

export const store = new MemoryIdempotencyStore();
export const claim = () => store.begin('key', 'owner', 1);
export const storeOver = (keyv: ConstructorParameters<typeof KeyvIdempotencyStore>[0]) =>
  new KeyvIdempotencyStore(keyv);

export const transport = () => SqsThriftTransport.open({ queue: 'backup' });
export const connection = (open: SqsThriftTransport) => open.connection();
