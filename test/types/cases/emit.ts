import type { ClientProxy } from '@nestjs/microservices';
import {
  type BaseThriftClient,
  type ClientSqsThrift,
  SqsThriftRecordBuilder,
  type ThriftRecord,
  ThriftRecordBuilder,
  type ThriftService,
} from 'nestjs-sqs-thrift';
import type { Observable } from 'rxjs';
import { BackupQueue, type BackupQueueMethods, type BackupReportsMethods } from './generated/backup.js';
import { type ShapeInput, Shapes, type ShapesMethods, Solids, type SolidsMethods } from './generated/services.js';

declare const backups: ClientSqsThrift<BackupQueueMethods>;
declare const shapes: BaseThriftClient<ShapesMethods>;
declare const solids: ClientSqsThrift<SolidsMethods>;
declare const both: ClientSqsThrift<BackupQueueMethods & BackupReportsMethods>;
declare const untyped: ClientSqsThrift;
declare const loaded: ThriftService;
declare const shape: ShapeInput;
const request = { id: 'a', userId: 'u', requestedAt: 1 };

/** infers the message id from emit */
export const messageId = (): Observable<string> => backups.emit('startBackup', { request });

/** refuses a method that the service does not have */
export const misspeltMethod = () =>
  //! TS2345 '"plaec"' is not assignable to parameter of type '"startBackup"
  backups.emit('plaec', { ordr: 1 });

/** refuses an unknown argument */
export const unknownArgument = () =>
  //! TS2353 'ordr' does not exist
  backups.emit('startBackup', { ordr: 1 });

/** refuses an unknown argument beside the right argument */
export const oneTooMany = () =>
  //! TS2353 'more' does not exist
  backups.emit('startBackup', { request, more: 1 });

/** refuses the argument without its parameter name */
export const forgottenWrapper = () =>
  //! TS2345 not assignable to parameter of type
  backups.emit('startBackup', request);

/** refuses a field of another type */
export const wrongField = () =>
  //! TS2322 'number' is not assignable to type 'string'
  backups.emit('startBackup', { request: { id: 1, userId: 'u', requestedAt: 1 } });

/** refuses a struct without a required field */
export const missingField = () =>
  //! TS2741 'requestedAt' is missing
  backups.emit('startBackup', { request: { id: 'a', userId: 'u' } });

/** refuses to emit without the arguments that a method needs */
export const noArguments = () =>
  //! TS2345 emit needs the arguments of the method
  backups.emit('startBackup');

/** names the methods that need no arguments when one is emitted without its arguments */
export const noArgumentsOfSome = () =>
  //! TS2345 '"erase"' is not assignable to parameter of type '"ping" | "clear"
  shapes.emit('erase');

/** accepts no arguments where all have defaults */
export const allDefaults = () => [shapes.emit('clear'), shapes.emit('clear', {}), shapes.emit('clear', { layer: 2 })];

/** accepts no arguments for a method without parameters */
export const noParameters = () => [shapes.emit('ping'), shapes.emit('ping', {})];

/** refuses arguments for a method without parameters */
export const argumentsForNothing = () =>
  //! TS2322 not assignable to type 'never'
  shapes.emit('ping', { ordr: 1 });

/** refuses a method that is not oneway */
export const notOneway = () =>
  //! TS2345 '"count"' is not assignable
  shapes.emit('count', {});

/** accepts names of enum members and values for optional fields */
export const inputForms = () =>
  shapes.emit('draw', { shape: { id: 's', colour: 'RED', corners: [{ x: 1, y: 2 }], tags: ['a'] }, layer: null });

/** refuses a name that the enum does not have */
export const wrongEnum = () =>
  //! TS2820 Did you mean '"RED"'
  shapes.emit('draw', { shape: { id: 's', colour: 'REDD' } });

/** emits the methods of all extended services */
export const inherited = () => [
  solids.emit('rotate', { id: 's', angle: 1 }),
  solids.emit('erase', { id: 's' }),
  solids.emit('ping'),
];

/** refuses a method of a derived service on a client of the base */
export const derived = () =>
  //! TS2345 '"rotate"' is not assignable
  shapes.emit('rotate', { id: 's', angle: 1 });

/** types a pattern of service and method */
export const servicePattern = (): Observable<string> =>
  backups.emit({ service: 'BackupQueue', method: 'startBackup' }, { request });

/** types a pattern with the method alone */
export const methodPattern = (): Observable<string> => backups.emit({ method: 'startBackup' }, { request });

/** refuses a pattern with an unknown method */
export const wrongPattern = () =>
  //! TS2322 '"startBckup"' is not assignable to type '"startBackup"'
  backups.emit({ service: 'BackupQueue', method: 'startBckup' }, { request });

/** checks the arguments of a pattern */
export const wrongPatternArguments = () =>
  //! TS2353 'ordr' does not exist
  backups.emit({ method: 'startBackup' }, { ordr: 1 });

/** accepts a record builder with the arguments */
export const builder = (): Observable<string> =>
  backups.emit('startBackup', new ThriftRecordBuilder({ request }).setGroupId('g').setDelay(1));

/** accepts a built record with the arguments */
export const record = (): Observable<string> =>
  backups.emit('startBackup', new ThriftRecordBuilder({ request }).build());

/** infers literal arguments of a record builder */
export const literalRecord = () =>
  shapes.emit('draw', new SqsThriftRecordBuilder({ shape: { id: 's', colour: 'RED', tags: ['a'] }, layer: 1 }));

/** refuses a record builder with other arguments */
export const wrongRecord = () =>
  //! TS2345 'ThriftRecordBuilder<{ readonly ordr: 1; }>' is not assignable
  backups.emit('startBackup', new ThriftRecordBuilder({ ordr: 1 }));

/** replaces the arguments of a record builder */
export const replaced = (): ThriftRecord<{ readonly b: 2 }> =>
  new SqsThriftRecordBuilder({ a: 1 }).setArgs({ b: 2 }).build();

/** keeps the options of SQS off the neutral builder */
export const neutralBuilder = () =>
  //! TS2339 'setDeduplicationId' does not exist
  new ThriftRecordBuilder({ request }).setDeduplicationId('d');

/** emits the methods of several services */
export const several = () => [
  both.emit('startBackup', { request }),
  both.emit('progress', { progress: { id: 'a', state: 'DONE' } }),
];

/** compiles any call on a client without a type argument, as before */
export const loose = (): Observable<number>[] => [
  untyped.emit<number>('anything', { ordr: 1 }),
  untyped.emit<number, { a: 1 }>({ service: 'S', method: 'm' }, { a: 1 }),
  untyped.emit<number>('nothing'),
];

/** gives the message id by default on a client without a type argument */
export const looseId = (): Observable<string> => untyped.emit('anything', { ordr: 1 });

/** assigns a typed client to the type of Nest's clients */
export const asProxy = (): ClientProxy[] => [backups, shapes, untyped];

/** assigns a client of SQS to the client of any carrier */
export const asBase = (): BaseThriftClient<BackupQueueMethods> => backups;

/** emits all items of an iterable */
export const all = async (): Promise<number> => (await shapes.emitAll('draw', [{ shape }, { shape, layer: 1 }])).stored;

/** emits all items of an asynchronous generator, with records among them */
export const generated = async (): Promise<readonly (string | undefined)[]> => {
  async function* items() {
    yield { shape };
    yield new ThriftRecordBuilder({ shape }).setGroupId('g');
  }
  const { ids } = await shapes.emitAll({ method: 'draw' }, items(), { ids: true, onError: 'collect' });
  return ids;
};

/** refuses items with unknown arguments */
export const wrongItems = () =>
  //! TS2345 'ordr' does not exist
  shapes.emitAll('draw', [{ ordr: 1 }]);

/** refuses to emit all items of an unknown method */
export const wrongAll = () =>
  //! TS2345 '"drw"' is not assignable
  shapes.emitAll('drw', [{ shape }]);

/** refuses an unknown option of emitAll */
export const wrongOption = () =>
  //! TS2353 'id' does not exist in type 'EmitAllOptions'
  shapes.emitAll('draw', [{ shape }], { id: true });

/** types the positional stub by the service */
export const stub = (): Promise<string>[] => [
  backups.getService(BackupQueue).startBackup(request),
  solids.getService(Solids).rotate('s', 1),
  solids.getService(Shapes).draw(shape),
  untyped.getService(BackupQueue).startBackup(request),
];

/** refuses a misspelt method of the stub */
export const wrongStub = () =>
  //! TS2551 Did you mean 'startBackup'
  backups.getService(BackupQueue).startBackp(request);

/** refuses the stub of a service that the client does not have */
export const foreignStub = () =>
  //! TS2769 this client has no such service
  backups.getService(Shapes);

/** types the stub of a loaded service by a type argument */
export const loadedStub = (): Promise<string>[] => [
  untyped.getService<{ run(id: string): Promise<string> }>(loaded).run('a'),
  untyped.getService(loaded)['run']!('a'),
];
