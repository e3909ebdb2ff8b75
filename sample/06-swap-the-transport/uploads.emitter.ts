import { Inject, Injectable } from '@nestjs/common';
import type { BaseThriftClient } from 'nestjs-sqs-thrift';
import { Uploads, type UploadsClient } from '../generated/uploads.js';

export const UPLOADS = Symbol('uploads');

/** Emits uploads. Nothing in the emitter knows its transport. */
@Injectable()
export class UploadsEmitter {
  private readonly uploads: UploadsClient;

  constructor(@Inject(UPLOADS) client: BaseThriftClient) {
    this.uploads = client.getService(Uploads);
  }

  async emit(count: number): Promise<void> {
    const uploads = Array.from({ length: count }, (_, i) => ({
      id: `upload-${i + 1}`,
      fileName: `picture-${i + 1}.jpg`,
      bytes: BigInt(i + 1) * 1_000_000n,
    }));
    await Promise.all(uploads.map((upload) => this.uploads.uploaded(upload)));
  }
}
