import { loadService } from 'nestjs-sqs-thrift';

/** The IDL names queue, message group and deduplication id of every call. */
export const AlbumEditsService = loadService('idl/albums.thrift', 'AlbumEdits');

export interface AlbumEdit {
  readonly id: string;
  readonly albumId: string;
  readonly number: number;
  readonly change: string;
}

export interface AlbumEditsStub {
  apply(edit: AlbumEdit): Promise<string>;
}
