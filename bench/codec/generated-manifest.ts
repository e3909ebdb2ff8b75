import type { Int64 } from 'thrift';
import { BackupFile } from './generated-file.js';
import type { BackupManifest as Values } from './manifest.js';
import { I64, LIST, MAP, STOP, STRING, STRUCT, type Input, type Output } from './protocol-calls.js';

/** Holds a `BackupManifest` of manifest.thrift. */
export class BackupManifest {
  startedAt: number | Int64 | null = null;
  id: string | null = null;
  userId: string | null = null;
  folder: string | null = null;
  region: string | null = null;
  labels: Record<string, string> | null = null;
  digest: Buffer | null = null;
  files: BackupFile[] | null = null;

  constructor(args?: Values) {
    if (args) {
      this.startedAt = args.startedAt;
      this.id = args.id;
      this.userId = args.userId;
      this.folder = args.folder;
      this.region = args.region;
      this.labels = { ...args.labels };
      this.digest = args.digest;
      this.files = args.files.map((file) => new BackupFile(file));
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
            if (ftype === I64) {
              this.startedAt = input.readI64();
            } else input.skip(ftype);
            break;
          case 2:
            if (ftype === STRING) {
              this.id = input.readString();
            } else input.skip(ftype);
            break;
          case 3:
            if (ftype === STRING) {
              this.userId = input.readString();
            } else input.skip(ftype);
            break;
          case 4:
            if (ftype === STRING) {
              this.folder = input.readString();
            } else input.skip(ftype);
            break;
          case 5:
            if (ftype === STRING) {
              this.region = input.readString();
            } else input.skip(ftype);
            break;
          case 6:
            if (ftype === MAP) {
              this.readLabels(input);
            } else input.skip(ftype);
            break;
          case 7:
            if (ftype === STRING) {
              this.digest = input.readBinary();
            } else input.skip(ftype);
            break;
          case 8:
            if (ftype === LIST) {
              this.files = [];
              const size = input.readListBegin().size;
              for (let i = 0; i < size; ++i) {
                const elem = new BackupFile();
                elem.read(input);
                this.files.push(elem);
              }
              input.readListEnd();
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

  /** Reads the labels. The compiler's output has this code in `read`. */
  private readLabels(input: Input): void {
    this.labels = {};
    const size = input.readMapBegin().size;
    for (let i = 0; i < size; ++i) {
      const key = input.readString();
      this.labels[key] = input.readString();
    }
    input.readMapEnd();
  }

  write(output: Output): void {
    output.incrementRecursionDepth();
    try {
      output.writeStructBegin('BackupManifest');
      if (this.startedAt !== null && this.startedAt !== undefined) {
        output.writeFieldBegin('startedAt', I64, 1);
        output.writeI64(this.startedAt as number);
        output.writeFieldEnd();
      }
      if (this.id !== null && this.id !== undefined) {
        output.writeFieldBegin('id', STRING, 2);
        output.writeString(this.id);
        output.writeFieldEnd();
      }
      if (this.userId !== null && this.userId !== undefined) {
        output.writeFieldBegin('userId', STRING, 3);
        output.writeString(this.userId);
        output.writeFieldEnd();
      }
      if (this.folder !== null && this.folder !== undefined) {
        output.writeFieldBegin('folder', STRING, 4);
        output.writeString(this.folder);
        output.writeFieldEnd();
      }
      if (this.region !== null && this.region !== undefined) {
        output.writeFieldBegin('region', STRING, 5);
        output.writeString(this.region);
        output.writeFieldEnd();
      }
      if (this.labels !== null && this.labels !== undefined) {
        output.writeFieldBegin('labels', MAP, 6);
        output.writeMapBegin(STRING, STRING, Object.keys(this.labels).length);
        for (const key in this.labels) {
          if (Object.prototype.hasOwnProperty.call(this.labels, key)) {
            output.writeString(key);
            output.writeString(this.labels[key] as string);
          }
        }
        output.writeMapEnd();
        output.writeFieldEnd();
      }
      if (this.digest !== null && this.digest !== undefined) {
        output.writeFieldBegin('digest', STRING, 7);
        output.writeBinary(this.digest);
        output.writeFieldEnd();
      }
      if (this.files !== null && this.files !== undefined) {
        output.writeFieldBegin('files', LIST, 8);
        output.writeListBegin(STRUCT, this.files.length);
        for (const elem of this.files) elem.write(output);
        output.writeListEnd();
        output.writeFieldEnd();
      }
      output.writeFieldStop();
      output.writeStructEnd();
    } finally {
      output.decrementRecursionDepth();
    }
  }
}
