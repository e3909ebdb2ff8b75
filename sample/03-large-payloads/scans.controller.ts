import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { ArchiveService } from './archive.service.js';
import type { Scan } from './contract.js';

/** It cannot tell which way a scan came. */
@Controller()
export class ScansController {
  constructor(private readonly archive: ArchiveService) {}

  @EventPattern<string>('archive')
  add(@Payload() { scan }: { scan: Scan }): void {
    this.archive.add(scan);
  }
}
