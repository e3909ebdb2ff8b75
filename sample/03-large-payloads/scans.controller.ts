import { ThriftController } from 'nestjs-sqs-thrift';
import { ArchiveService } from './archive.service.js';
import { type Scan, ScansService } from './contract.js';

/** Handles scans. The controller does not know if a scan came through S3. */
@ThriftController(ScansService)
export class ScansController {
  constructor(private readonly scans: ArchiveService) {}

  archive({ scan }: { scan: Scan }): void {
    this.scans.add(scan);
  }
}
