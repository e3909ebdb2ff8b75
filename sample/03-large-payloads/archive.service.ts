import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Scan } from '../generated/scans.js';

/** Holds the archived scans, by the digest of their bytes. */
@Injectable()
export class ArchiveService {
  private readonly digests = new Map<string, string>();
  private waiting: { readonly id: string; readonly resolve: (digest: string) => void } | undefined;

  add({ id, image }: Scan): void {
    const digest = digestOf(image);
    this.digests.set(id, digest);
    if (this.waiting?.id === id) this.waiting.resolve(digest);
  }

  /** Resolves with the digest of a scan once the scan has arrived. */
  async digestOf(id: string): Promise<string> {
    return this.digests.get(id) ?? new Promise((resolve) => (this.waiting = { id, resolve }));
  }
}

export function digestOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
