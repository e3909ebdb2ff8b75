import { RejectEventException, type ThriftContext, ThriftController } from 'nestjs-sqs-thrift';
import { type UploadedArgs, Uploads, type UploadsHandlers } from '../generated/uploads.js';

const MOST_BYTES = 9_000_000n;

/** Handles uploads. Nothing in the controller knows its transport. */
@ThriftController(Uploads)
export class UploadsController implements UploadsHandlers<ThriftContext> {
  uploaded({ upload }: UploadedArgs, ctx: ThriftContext): void {
    if (upload.bytes > MOST_BYTES) throw new RejectEventException(`${upload.fileName} is too large for a thumbnail`);
    if (upload.id === 'upload-4' && ctx.getReceiveCount() === 1) throw new Error('the disk was busy');
  }
}
