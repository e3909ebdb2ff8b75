import { ThriftController } from 'nestjs-sqs-thrift';
import { ArchiveService } from './archive.service.js';
import { type ArchiveArgs, Scans, type ScansHandlers } from '../generated/scans.js';

/** Handles scans. The controller does not know if a scan came through S3. */
@ThriftController(Scans)
export class ScansController implements ScansHandlers {
  constructor(private readonly scans: ArchiveService) {}

  archive({ scan }: ArchiveArgs): void {
    this.scans.add(scan);
  }
}
