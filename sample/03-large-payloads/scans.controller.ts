import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { ArchiveService } from './archive.service.js';
import type { Scan } from './contract.js';

/** Handles scans. The controller does not know if a scan came through S3. */
@Controller()
export class ScansController {
  constructor(private readonly archive: ArchiveService) {}

  @EventPattern<string>('archive')
  add(@Payload() { scan }: { scan: Scan }): void {
    this.archive.add(scan);
  }
}
