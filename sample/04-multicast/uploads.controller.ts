import { type ThriftContext, ThriftController } from 'nestjs-sqs-thrift';
import { type Upload, UploadsService } from './contract.js';
import { SeenService } from './seen.service.js';

/**
 * Handles uploads. All workers share this controller, which does not know if a call came through a
 * topic.
 */
@ThriftController(UploadsService)
export class UploadsController {
  constructor(private readonly seen: SeenService) {}

  uploaded({ upload }: { upload: Upload }, ctx: ThriftContext): void {
    this.seen.add(upload, ctx.getAttributes()['sender']);
  }
}
