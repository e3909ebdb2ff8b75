import { Controller, Injectable, Scope, UseGuards } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { ThriftContext, ThriftController, ThriftMethod } from 'nestjs-sqs-thrift';
import { BackupQueue, type BackupQueueHandlers, BackupRequest, StartBackupArgs } from './generated/backup.js';
import { EraseArgs, Shape, Shapes, ShapesDrawArgs, type ShapesHandlers, TextsDrawArgs } from './generated/services.js';

const URGENT = Symbol('urgent');

@Injectable()
class Guard {
  canActivate = () => true;
}

/** makes a plain class the controller of a service */
@ThriftController(BackupQueue)
export class Handlers implements BackupQueueHandlers<ThriftContext> {
  async startBackup({ request }: StartBackupArgs, ctx: ThriftContext): Promise<string> {
    return request.id + ctx.getEventId();
  }
}

/** takes options, guards, constructors and methods of the application */
@UseGuards(Guard)
@ThriftController(Shapes, { transportId: URGENT, scope: Scope.REQUEST })
export class WithOptions implements ShapesHandlers<ThriftContext> {
  constructor(private readonly guard: Guard) {}

  draw({ shape }: ShapesDrawArgs): Shape {
    return this.checked(shape);
  }

  @UseGuards(Guard)
  async erase({ id }: EraseArgs, ctx: ThriftContext): Promise<void> {
    await ctx.extendVisibility(id.length);
  }

  clear(): void {}

  ping(_args: unknown, _ctx: ThriftContext): void {}

  private checked(shape: Shape): Shape {
    return this.guard.canActivate() ? shape : { id: 'none', colour: 1 };
  }
}

/** takes a payload that is one argument in a class without the interface */
@ThriftController(BackupQueue)
export class Narrowed {
  startBackup(@Payload('request') _request: BackupRequest, @Ctx() _ctx: ThriftContext): void {}
}

/** keeps decorated handlers under other names */
@ThriftController(BackupQueue)
export class OtherName {
  @ThriftMethod(BackupQueue, 'startBackup')
  begin(_args: StartBackupArgs): void {}
}

/** refuses a class that implements only some methods */
@ThriftController(BackupQueue)
//! TS2420 incorrectly implements
export class Incomplete implements BackupQueueHandlers {}

/** refuses a controller whose method takes other arguments */
//! TS1238 these handlers do not accept the arguments of their methods
@ThriftController(BackupQueue)
export class OtherArguments {
  startBackup(_args: TextsDrawArgs): void {}
}

/** refuses a handler of the interface with other arguments */
@Controller()
export class OtherInterface implements BackupQueueHandlers {
  //! TS2416 'startBackup'
  startBackup(_args: EraseArgs): void {}
}
