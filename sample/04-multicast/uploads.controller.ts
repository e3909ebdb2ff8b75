import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { SqsThriftContext } from 'nestjs-sqs-thrift';
import type { Upload } from './contract.js';
import { SeenService } from './seen.service.js';

/**
 * Handles uploads. All workers share this controller, which does not know if a call came through a
 * topic.
 */
@Controller()
export class UploadsController {
  constructor(private readonly seen: SeenService) {}

  @EventPattern<string>('uploaded')
  uploaded(@Payload() { upload }: { upload: Upload }, @Ctx() ctx: SqsThriftContext): void {
    this.seen.add(upload, ctx.getAttributes()['sender']);
  }
}
