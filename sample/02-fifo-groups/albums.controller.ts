import { RetryEventException, type ThriftContext, ThriftController } from 'nestjs-sqs-thrift';
import { AlbumsService } from './albums.service.js';
import { type AlbumEdit, AlbumEditsService } from './contract.js';

@ThriftController(AlbumEditsService)
export class AlbumsController {
  constructor(private readonly albums: AlbumsService) {}

  apply({ edit }: { edit: AlbumEdit }, ctx: ThriftContext): void {
    // The third edit of an album fails at first. Later edits of that album wait for it, other
    // albums continue.
    if (edit.number === 3 && ctx.getReceiveCount() === 1) throw new RetryEventException(1);
    this.albums.apply(edit);
  }
}
