// Made by "nestjs-sqs-thrift generate" from uploads.thrift: change that file and run the command again.
// @generated
/* eslint-disable */

// prettier-ignore
import { type CodecRuntime, type I64Input, type Schema, type StructCodecs, type StructSchema, type TypedService, defineService, functionsOf, registerCodecs } from 'nestjs-sqs-thrift/codec';

// prettier-ignore
/** A picture that has arrived. */
export interface Upload {
  id: string;
  fileName: string;
  bytes: bigint;
}

// prettier-ignore
/** Accepted values of {@link Upload}. */
export interface UploadInput {
  id: string;
  fileName: string;
  bytes: I64Input;
}

// prettier-ignore
/** The arguments of Uploads.uploaded. */
export interface UploadedArgs {
  upload: Upload;
}

// prettier-ignore
/** Accepted values of {@link UploadedArgs}. */
export interface UploadedArgsInput {
  upload: UploadInput;
}

// prettier-ignore
/** Lists the oneway functions of Uploads, with the arguments to emit and the arguments that handlers get. */
export interface UploadsMethods {
  uploaded: { emit: UploadedArgsInput; handle: UploadedArgs };
}

// prettier-ignore
/** Calls the oneway functions of Uploads. Each call resolves with the id of the stored message. */
export interface UploadsClient {
  uploaded(upload: UploadInput): Promise<string>;
}

// prettier-ignore
/** Handles the oneway functions of Uploads. Controllers implement this interface. */
export interface UploadsHandlers<Context = unknown> {
  uploaded(args: UploadedArgs, context: Context): unknown;
}

// prettier-ignore
/** Values for the types of the same names, so that decorated classes may import the types without `type`. */
export const
  Upload: object = Object,
  UploadedArgs: object = Object;

// prettier-ignore
const structs = new Map<string, StructSchema>([
  ['uploads.Upload', {
    id: 'uploads.Upload',
    name: 'Upload',
    kind: 'struct',
    fields: [
      { id: 1, name: 'id', type: { kind: 'string' }, requiredness: 'required', annotations: {} },
      { id: 2, name: 'fileName', type: { kind: 'string' }, requiredness: 'required', annotations: {} },
      { id: 3, name: 'bytes', type: { kind: 'i64' }, requiredness: 'required', annotations: {} },
    ],
    annotations: {},
    doc: 'A picture that has arrived.',
  } as StructSchema],
  ['uploads.Uploads.uploaded_args', {
    id: 'uploads.Uploads.uploaded_args',
    name: 'uploaded_args',
    kind: 'args',
    fields: [
      { id: 1, name: 'upload', type: { kind: 'struct', id: 'uploads.Upload' }, requiredness: 'default', annotations: {} },
    ],
    annotations: {},
  } as StructSchema],
]);

// prettier-ignore
const schema: Schema = {
  program: 'uploads',
  files: ['uploads.thrift'],
  namespaces: new Map(),
  enums: new Map(),
  constants: new Map(),
  services: new Map([
    ['uploads.Uploads', {
      id: 'uploads.Uploads',
      name: 'Uploads',
      annotations: {},
      doc: 'It names no queue: a sender does not know who listens.',
      functions: functionsOf([
        { name: 'uploaded', oneway: true, args: structs.get('uploads.Uploads.uploaded_args')!, throws: [], annotations: {} },
      ]),
    }],
  ]),
  structs,
};

// prettier-ignore
/** It names no queue: a sender does not know who listens. */
export const Uploads: TypedService<UploadsMethods, UploadsClient> = defineService(schema, 'Uploads');

// prettier-ignore
registerCodecs(schema, 'binary', { format: 3, i64: 'bigint', codecs: binaryCodecs });

// The codecs of the binary protocol: the source that is compiled at run time without this module.
// Some functions declare locals that they do not use, and @ts-ignore silences the compiler about them.
// prettier-ignore
function binaryCodecs({ absent, checkFields, duplicate, fieldsOf, isStruct, mismatch, missing, putI64, short, within, writeFailure, wrong }: CodecRuntime): StructCodecs {
  const fields0_uploads_Uploads_uploaded_args = fieldsOf("uploaded_args", 'args', ["upload"]);
  const fields1_uploads_Upload = fieldsOf("Upload", 'struct', ["id", "fileName", "bytes"]);
  function write0_uploads_Uploads_uploaded_args(w: any, v: any): any {
    const plain = typeof v === 'object' && v !== null && v.constructor === Object;
    if (!plain && !isStruct(v)) throw wrong("uploaded_args (an object)", v);
    w.enter(1);
    let at = "", keys = 1;
    try {
      // @ts-ignore
      let p = w.pos, b = w.bytes, d = w.view;
      if (p + 4 > b.length) { w.pos = p; w.grow(4); b = w.bytes; d = w.view; }
      at = "upload";
      const x0 = v["upload"];
      if (x0 !== undefined && x0 !== null) {
        d.setInt32(p, 201326848); p += 3; w.pos = p; write1_uploads_Upload(w, x0); p = w.pos; b = w.bytes; d = w.view;
      } else { if (!("upload" in v)) keys--; }
      if (p + 1 > b.length) { w.pos = p; w.grow(1); b = w.bytes; d = w.view; }
      b[p] = 0; p += 1;
      at = "";
      for (const _key in v) keys--;
      if (keys !== 0 || !plain) checkFields(w, v, fields0_uploads_Uploads_uploaded_args);
      w.pos = p;
    } catch (e) { throw writeFailure(e, at, w, v, fields0_uploads_Uploads_uploaded_args); }
    w.depth--;
  }
  function read0_uploads_Uploads_uploaded_args(r: any): any {
    r.enter(1);
    let f0;
    let at = "", t = 0, id = 0;
    try {
      // @ts-ignore
      let p = r.pos; const b = r.bytes, d = r.view, end = r.end;
      for (;;) {
        at = "";
        if (p + 1 > end) throw short(r, p, 1); t = b[p]; p += 1;
        if (t !== 0) { if (p + 2 > end) throw short(r, p, 2); id = (b[p] << 24 >> 16) | b[p + 1]; p += 2; }
        if (t === 0) break;
        switch (id) {
          case 1:
          at = "upload";
          if (!(t === 12)) { throw mismatch(t, "uploads.Upload"); }
          if (f0 !== undefined) throw duplicate();
          r.pos = p; f0 = read1_uploads_Upload(r); p = r.pos;
          break;
          default: r.pos = p; r.skip(t); p = r.pos;
        }
      }
      r.pos = p;
    } catch (e) { throw within(e, at); }
    r.depth--;
    return {
      "upload": f0,
    };
  }
  function write1_uploads_Upload(w: any, v: any): any {
    const plain = typeof v === 'object' && v !== null && v.constructor === Object;
    if (!plain && !isStruct(v)) throw wrong("Upload (an object)", v);
    w.enter(2);
    let at = "", keys = 3;
    try {
      // @ts-ignore
      let p = w.pos, b = w.bytes, d = w.view;
      if (p + 4 > b.length) { w.pos = p; w.grow(4); b = w.bytes; d = w.view; }
      at = "id";
      const x0 = v["id"];
      if (x0 !== undefined && x0 !== null) {
        d.setInt32(p, 184549632); p += 3; w.pos = p; w.writeString(x0); p = w.pos; b = w.bytes; d = w.view;
      } else { throw missing("string"); }
      if (p + 4 > b.length) { w.pos = p; w.grow(4); b = w.bytes; d = w.view; }
      at = "fileName";
      const x1 = v["fileName"];
      if (x1 !== undefined && x1 !== null) {
        d.setInt32(p, 184549888); p += 3; w.pos = p; w.writeString(x1); p = w.pos; b = w.bytes; d = w.view;
      } else { throw missing("string"); }
      if (p + 13 > b.length) { w.pos = p; w.grow(13); b = w.bytes; d = w.view; }
      at = "bytes";
      const x2 = v["bytes"];
      if (x2 !== undefined && x2 !== null) {
        d.setInt32(p, 167772928); p += 3; putI64(d, p, x2); p += 8;
      } else { throw missing("i64"); }
      b[p] = 0; p += 1;
      at = "";
      for (const _key in v) keys--;
      if (keys !== 0 || !plain) checkFields(w, v, fields1_uploads_Upload);
      w.pos = p;
    } catch (e) { throw writeFailure(e, at, w, v, fields1_uploads_Upload); }
    w.depth--;
  }
  function read1_uploads_Upload(r: any): any {
    r.enter(2);
    let f0, f1, f2;
    let at = "", t = 0, id = 0;
    try {
      // @ts-ignore
      let p = r.pos; const b = r.bytes, d = r.view, end = r.end;
      for (;;) {
        at = "";
        if (p + 1 > end) throw short(r, p, 1); t = b[p]; p += 1;
        if (t !== 0) { if (p + 2 > end) throw short(r, p, 2); id = (b[p] << 24 >> 16) | b[p + 1]; p += 2; }
        if (t === 0) break;
        switch (id) {
          case 1:
          at = "id";
          if (!(t === 11)) { throw mismatch(t, "string"); }
          if (f0 !== undefined) throw duplicate();
          r.pos = p; f0 = r.readString(); p = r.pos;
          break;
          case 2:
          at = "fileName";
          if (!(t === 11)) { throw mismatch(t, "string"); }
          if (f1 !== undefined) throw duplicate();
          r.pos = p; f1 = r.readString(); p = r.pos;
          break;
          case 3:
          at = "bytes";
          if (!(t === 10)) { throw mismatch(t, "i64"); }
          if (f2 !== undefined) throw duplicate();
          if (p + 8 > end) throw short(r, p, 8); f2 = d.getBigInt64(p); p += 8;
          break;
          default: r.pos = p; r.skip(t); p = r.pos;
        }
      }
      r.pos = p;
      if (f0 === undefined) { at = "id"; throw absent("string"); }
      if (f1 === undefined) { at = "fileName"; throw absent("string"); }
      if (f2 === undefined) { at = "bytes"; throw absent("i64"); }
    } catch (e) { throw within(e, at); }
    r.depth--;
    return {
      "id": f0,
      "fileName": f1,
      "bytes": f2,
    };
  }
  return new Map([
    ['uploads.Uploads.uploaded_args', { write: write0_uploads_Uploads_uploaded_args, read: read0_uploads_Uploads_uploaded_args }],
  ]);
}
