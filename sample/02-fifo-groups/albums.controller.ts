import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { RetryEventException, type SqsThriftContext } from 'nestjs-sqs-thrift';
import { AlbumsService } from './albums.service.js';
import type { AlbumEdit } from './contract.js';

@Controller()
export class AlbumsController {
  constructor(private readonly albums: AlbumsService) {}

  @EventPattern<string>('apply')
  apply(@Payload() { edit }: { edit: AlbumEdit }, @Ctx() ctx: SqsThriftContext): void {
    // The third edit of an album fails at first. Later edits of that album wait for it, other
    // albums continue.
    if (edit.number === 3 && ctx.getReceiveCount() === 1) throw new RetryEventException(1);
    this.albums.apply(edit);
  }
}
