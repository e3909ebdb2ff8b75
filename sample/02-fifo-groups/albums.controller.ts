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
    // A hiccup: the third edit of an album fails at first. The later ones of that album wait for it, other albums go on.
    if (edit.number === 3 && ctx.getReceiveCount() === 1) throw new RetryEventException(1);
    this.albums.apply(edit);
  }
}
