import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { SqsThriftContext } from 'nestjs-sqs-thrift';
import type { Upload } from './contract.js';
import { SeenService } from './seen.service.js';

/** The same in each worker here: it cannot tell whether a call came by a topic, nor how. */
@Controller()
export class UploadsController {
  constructor(private readonly seen: SeenService) {}

  @EventPattern<string>('uploaded')
  uploaded(@Payload() { upload }: { upload: Upload }, @Ctx() ctx: SqsThriftContext): void {
    this.seen.add(upload, ctx.getAttributes()['sender']);
  }
}
