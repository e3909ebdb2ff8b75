import 'reflect-metadata';
import { Controller, Inject, Injectable, Module, type OnModuleDestroy, type Type } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { SqsThriftContext } from 'nestjs-sqs-thrift';
import { createEventCodec } from 'nestjs-sqs-thrift/codec';
import { findService, loadSchemaFromText } from 'nestjs-sqs-thrift/idl';

const schema = loadSchemaFromText(`
  service BackupQueue {
    oneway void startBackup(1: string userId),
    oneway void removeBackup(1: string userId),
  }
  service ReportQueue { oneway void writeReport(1: string title) }`);

export const BackupQueue = findService(schema, 'BackupQueue');
export const ReportQueue = findService(schema, 'ReportQueue');

const codec = createEventCodec([BackupQueue]);

/** Returns the body of calls of `startBackup`, one for each user. */
export function bodyOf(...users: string[]): string {
  const calls = users.map((userId) => codec.encode({ method: 'startBackup', args: { userId } }));
  return Buffer.concat(calls).toString('base64');
}

type Handler = (userId: string, ctx: SqsThriftContext) => unknown;

/** Notes what the handlers of a function do, and decides how they end. */
@Injectable()
export class Desk implements OnModuleDestroy {
  readonly lines: string[] = [];
  handler: Handler = () => undefined;

  run(userId: string, ctx: SqsThriftContext): unknown {
    this.lines.push(userId);
    return this.handler(userId, ctx);
  }

  onModuleDestroy(): void {
    this.lines.push('destroyed');
  }
}

@Controller()
export class BackupController {
  constructor(@Inject(Desk) private readonly desk: Desk) {}

  @EventPattern<string>('startBackup')
  start(@Payload() { userId }: { userId: string }, @Ctx() ctx: SqsThriftContext): unknown {
    return this.desk.run(userId, ctx);
  }

  @EventPattern<string>('removeBackup')
  remove(): void {}
}

@Controller()
export class ReportController {
  constructor(@Inject(Desk) private readonly desk: Desk) {}

  @EventPattern<string>('writeReport')
  write(@Payload() { title }: { title: string }, @Ctx() ctx: SqsThriftContext): unknown {
    return this.desk.run(`report ${title}`, ctx);
  }
}

/** Returns the module of a function, whose handlers ask the desk. */
export function moduleOf(desk: Desk, controllers: Type<unknown>[] = [BackupController]): Type<unknown> {
  class FunctionModule {}
  Module({ controllers, providers: [{ provide: Desk, useValue: desk }] })(FunctionModule);
  return FunctionModule;
}
