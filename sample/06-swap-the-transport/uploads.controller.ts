import { RejectEventException, type ThriftContext, ThriftController } from 'nestjs-sqs-thrift';
import { type Upload, UploadsService } from './contract.js';

const MOST_BYTES = 9_000_000n;

/** Handles uploads. Nothing in the controller knows its transport. */
@ThriftController(UploadsService)
export class UploadsController {
  uploaded({ upload }: { upload: Upload }, ctx: ThriftContext): void {
    if (upload.bytes > MOST_BYTES) throw new RejectEventException(`${upload.fileName} is too large for a thumbnail`);
    if (upload.id === 'upload-4' && ctx.getReceiveCount() === 1) throw new Error('the disk was busy');
  }
}
