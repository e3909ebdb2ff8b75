import { Controller, createParamDecorator, Injectable, UseGuards } from '@nestjs/common';
import { BaseRpcContext, Ctx, EventPattern, KafkaContext, Payload } from '@nestjs/microservices';
import { loadService, SqsThriftContext, ThriftContext, ThriftMethod } from 'nestjs-sqs-thrift';
// The types have values beside them, so these imports need no `type`.
import { BackupQueue, BackupRequest, StartBackupArgs } from './generated/backup.js';
import { EraseArgs, Shapes, ShapesDrawArgs, Solids, TextsDrawArgs } from './generated/services.js';

const URGENT = Symbol('urgent');
const Loaded = loadService('idl/backup.thrift', 'BackupQueue');
const User = createParamDecorator(() => 'somebody');

@Injectable()
class Guard {
  canActivate = () => true;
}

/** accepts a handler with decorated payload and context */
@Controller()
export class Usual {
  @ThriftMethod(BackupQueue, 'startBackup')
  startBackup(@Payload() { request }: StartBackupArgs, @Ctx() ctx: SqsThriftContext): string {
    return request.id + ctx.getMessageId();
  }
}

/** accepts a handler without parameter decorators, with guards and a transport id */
@Controller()
export class Plain {
  @UseGuards(Guard)
  @ThriftMethod(BackupQueue, 'startBackup', URGENT)
  async startBackup({ request }: StartBackupArgs, ctx: ThriftContext): Promise<void> {
    await ctx.extendVisibility(request.id.length);
  }
}

/** accepts every context type of this transport and its base classes */
@Controller()
export class Contexts {
  @ThriftMethod(Shapes, 'erase')
  base(@Payload() _args: EraseArgs, @Ctx() _ctx: BaseRpcContext): void {}

  @ThriftMethod(Shapes, 'erase')
  unknown(@Payload() _args: EraseArgs, @Ctx() _ctx: unknown): void {}

  @ThriftMethod(Shapes, 'erase')
  first(@Ctx() _ctx: ThriftContext, @Payload() _args: EraseArgs): void {}

  @ThriftMethod(Shapes, 'erase')
  only(@Ctx() _ctx: ThriftContext): void {}
}

/** accepts a handler without parameters */
@Controller()
export class NoParameters {
  @ThriftMethod(Shapes, 'ping')
  ping(): void {}

  @ThriftMethod(Shapes, 'erase')
  erase(): void {}
}

/** accepts a payload that is one argument */
@Controller()
export class OneArgument {
  @ThriftMethod(BackupQueue, 'startBackup')
  startBackup(@Payload('request') _request: BackupRequest): void {}

  @ThriftMethod(Shapes, 'erase')
  erase(@Payload('id') _id: string, @Ctx() _ctx: ThriftContext): void {}
}

/** accepts a payload type with fewer fields, and an unknown payload */
@Controller()
export class WiderPayloads {
  @ThriftMethod(BackupQueue, 'startBackup')
  some(_args: { request: { id: string } }): void {}

  @ThriftMethod(BackupQueue, 'startBackup')
  any(_args: unknown): void {}

  @ThriftMethod(Shapes, 'draw')
  optional(_args?: ShapesDrawArgs): void {}
}

/** accepts further parameters with decorators of the application */
@Controller()
export class OwnDecorators {
  @ThriftMethod(Shapes, 'erase')
  erase(@Payload() _args: EraseArgs, @Ctx() _ctx: ThriftContext, @User() _user: string): void {}
}

/** accepts methods of extended services, and one handler for several methods */
@Controller()
export class Inherited {
  @ThriftMethod(Solids, 'rotate')
  @ThriftMethod(Solids, 'erase')
  rotate(_args: { id: string }): void {}
}

/** does not check names and parameters for a loaded service */
@Controller()
export class Unchecked {
  @ThriftMethod(Loaded, 'startBackup')
  startBackup(_args: { anything: number }, _ctx: ThriftContext): void {}
}

/** refuses to decorate a handler with an unknown method */
@Controller()
export class Misspelt {
  //! TS2345 '"startBackp"' is not assignable to parameter of type '"startBackup"'
  @ThriftMethod(BackupQueue, 'startBackp')
  startBackup(_args: StartBackupArgs): void {}
}

/** refuses to decorate a handler with a method that is not oneway */
@Controller()
export class NotOneway {
  //! TS2345 '"count"' is not assignable
  @ThriftMethod(Shapes, 'count')
  count(): void {}
}

/** refuses a payload of another method */
@Controller()
export class OtherPayload {
  //! TS1241 the parameter must accept the arguments of the method
  @ThriftMethod(BackupQueue, 'startBackup')
  startBackup(_args: TextsDrawArgs): void {}
}

/** refuses a payload with a field of another type */
@Controller()
export class OtherField {
  //! TS1241 the parameter must accept the arguments of the method
  @ThriftMethod(BackupQueue, 'startBackup')
  startBackup(@Payload() _args: { request: { id: number } }): void {}
}

/** refuses a payload of another method behind the context */
@Controller()
export class OtherSecond {
  //! TS1241 the parameter must accept the arguments of the method
  @ThriftMethod(BackupQueue, 'startBackup')
  startBackup(@Ctx() _ctx: ThriftContext, @Payload() _args: TextsDrawArgs): void {}
}

/** refuses a payload that no argument has */
@Controller()
export class NoSuchArgument {
  //! TS1241 the parameter must accept the arguments of the method
  @ThriftMethod(Shapes, 'erase')
  erase(@Payload('id') _id: number): void {}
}

/** refuses the context of another transport */
@Controller()
export class ForeignContext {
  //! TS1241 the context must be a ThriftContext
  @ThriftMethod(Shapes, 'erase')
  erase(@Payload() _args: EraseArgs, @Ctx() _ctx: KafkaContext): void {}

  //! TS1241 the context must be a ThriftContext
  @ThriftMethod(Shapes, 'erase')
  first(@Ctx() _ctx: KafkaContext): void {}
}

/** refuses a property in place of a method */
@Controller()
export class Property {
  //! TS1240 property decorator
  @ThriftMethod(Shapes, 'ping')
  ping = () => undefined;
}

/** accepts EventPattern with an object pattern and any typed context */
@Controller()
export class ByPattern {
  @EventPattern({ service: 'BackupQueue', method: 'startBackup' })
  startBackup(@Payload() _args: StartBackupArgs, @Ctx() _ctx: ThriftContext): void {}

  @EventPattern({ method: 'ping' })
  ping(): void {}
}

/** accepts EventPattern with a name and the payload alone */
@Controller()
export class ByName {
  @EventPattern('startBackup')
  startBackup(@Payload() _args: StartBackupArgs): void {}

  @EventPattern<string>('startBackup')
  typed(@Payload() _args: StartBackupArgs, @Ctx() _ctx: ThriftContext): void {}
}
