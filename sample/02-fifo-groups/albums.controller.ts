import { RetryEventException, type ThriftContext, ThriftController } from 'nestjs-sqs-thrift';
import { AlbumsService } from './albums.service.js';
import { AlbumEdits, type AlbumEditsHandlers, type ApplyArgs } from '../generated/albums.js';

@ThriftController(AlbumEdits)
export class AlbumsController implements AlbumEditsHandlers<ThriftContext> {
  constructor(private readonly albums: AlbumsService) {}

  apply({ edit }: ApplyArgs, ctx: ThriftContext): void {
    // The third edit of an album fails at first. Later edits of that album wait for it, other
    // albums continue.
    if (edit.number === 3 && ctx.getReceiveCount() === 1) throw new RetryEventException(1);
    this.albums.apply(edit);
  }
}
