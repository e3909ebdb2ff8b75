import { type ThriftContext, ThriftController } from 'nestjs-sqs-thrift';
import { type UploadedArgs, Uploads, type UploadsHandlers } from '../generated/uploads.js';
import { SeenService } from './seen.service.js';

/**
 * Handles uploads. All workers share this controller, which does not know if a call came through a
 * topic.
 */
@ThriftController(Uploads)
export class UploadsController implements UploadsHandlers<ThriftContext> {
  constructor(private readonly seen: SeenService) {}

  uploaded({ upload }: UploadedArgs, ctx: ThriftContext): void {
    this.seen.add(upload, ctx.getAttributes()['sender']);
  }
}
