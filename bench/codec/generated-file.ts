import type { Int64 } from 'thrift';
import type { BackupFile as Values } from './manifest.js';
import { I64, STOP, STRING, type Input, type Output } from './protocol-calls.js';

/** Holds a `BackupFile` of manifest.thrift. */
export class BackupFile {
  path: string | null = null;
  size: number | Int64 | null = null;
  modifiedAt: number | Int64 | null = null;

  constructor(args?: Values) {
    if (args) {
      this.path = args.path;
      this.size = args.size;
      this.modifiedAt = args.modifiedAt;
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
            if (ftype === STRING) {
              this.path = input.readString();
            } else input.skip(ftype);
            break;
          case 2:
            if (ftype === I64) {
              this.size = input.readI64();
            } else input.skip(ftype);
            break;
          case 3:
            if (ftype === I64) {
              this.modifiedAt = input.readI64();
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
      output.writeStructBegin('BackupFile');
      if (this.path !== null && this.path !== undefined) {
        output.writeFieldBegin('path', STRING, 1);
        output.writeString(this.path);
        output.writeFieldEnd();
      }
      if (this.size !== null && this.size !== undefined) {
        output.writeFieldBegin('size', I64, 2);
        output.writeI64(this.size as number);
        output.writeFieldEnd();
      }
      if (this.modifiedAt !== null && this.modifiedAt !== undefined) {
        output.writeFieldBegin('modifiedAt', I64, 3);
        output.writeI64(this.modifiedAt as number);
        output.writeFieldEnd();
      }
      output.writeFieldStop();
      output.writeStructEnd();
    } finally {
      output.decrementRecursionDepth();
    }
  }
}
