import { loadService } from 'nestjs-sqs-thrift';

/** Queue, message group and deduplication id of every call stand in the IDL. */
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
