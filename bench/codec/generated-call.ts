import { BackupManifest } from './generated-manifest.js';
import type { BackupManifest as Values } from './manifest.js';
import { STOP, STRUCT, type Input, type Output } from './protocol-calls.js';

/**
 * Holds the parameters of `storeManifest`. The Apache compiler 0.24 writes this class and the two
 * structs for manifest.thrift (`thrift --gen js:node,es6`). Only the types are added: the protocol
 * calls and their order are the same.
 */
export class StoreManifestArgs {
  manifest: BackupManifest | null = null;

  constructor(args?: { manifest: Values }) {
    if (args) {
      this.manifest = new BackupManifest(args.manifest);
    }
  }

  read(input: Input): void {
    input.incrementRecursionDepth();
    try {
      input.readStructBegin();
      while (true) {
        const ret = input.readFieldBegin();
        const ftype = ret.ftype;
        const fid = ret.fid;
        if (ftype === STOP) break;
        switch (fid) {
          case 1:
            if (ftype === STRUCT) {
              this.manifest = new BackupManifest();
              this.manifest.read(input);
            } else input.skip(ftype);
            break;
          default:
            input.skip(ftype);
        }
        input.readFieldEnd();
      }
      input.readStructEnd();
    } finally {
      input.decrementRecursionDepth();
    }
  }

  write(output: Output): void {
    output.incrementRecursionDepth();
    try {
      output.writeStructBegin('ManifestQueue_storeManifest_args');
      if (this.manifest !== null && this.manifest !== undefined) {
        output.writeFieldBegin('manifest', STRUCT, 1);
        this.manifest.write(output);
        output.writeFieldEnd();
      }
      output.writeFieldStop();
      output.writeStructEnd();
    } finally {
      output.decrementRecursionDepth();
    }
  }
}
