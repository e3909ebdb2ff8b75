// Made by "nestjs-sqs-thrift generate" from scans.thrift: change that file and run the command again.
// @generated
/* eslint-disable */

// prettier-ignore
import { type BinaryInput, type CodecRuntime, type Schema, type StructCodecs, type StructSchema, type TypedService, defineService, functionsOf, registerCodecs } from 'nestjs-sqs-thrift/codec';

// prettier-ignore
/** One page. */
export interface Scan {
  id: string;
  image: Buffer;
}

// prettier-ignore
/** Accepted values of {@link Scan}. */
export interface ScanInput {
  id: string;
  image: BinaryInput;
}

// prettier-ignore
/** The arguments of Scans.archive. */
export interface ArchiveArgs {
  scan: Scan;
}

// prettier-ignore
/** Accepted values of {@link ArchiveArgs}. */
export interface ArchiveArgsInput {
  scan: ScanInput;
}

// prettier-ignore
/** Lists the oneway functions of Scans, with the arguments to emit and the arguments that handlers get. */
export interface ScansMethods {
  archive: { emit: ArchiveArgsInput; handle: ArchiveArgs };
}

// prettier-ignore
/** Calls the oneway functions of Scans. Each call resolves with the id of the stored message. */
export interface ScansClient {
  archive(scan: ScanInput): Promise<string>;
}

// prettier-ignore
/** Handles the oneway functions of Scans. Controllers implement this interface. */
export interface ScansHandlers<Context = unknown> {
  archive(args: ArchiveArgs, context: Context): unknown;
}

// prettier-ignore
/** Values for the types of the same names, so that decorated classes may import the types without `type`. */
export const
  Scan: object = Object,
  ArchiveArgs: object = Object;

// prettier-ignore
const structs = new Map<string, StructSchema>([
  ['scans.Scan', {
    id: 'scans.Scan',
    name: 'Scan',
    kind: 'struct',
    fields: [
      { id: 1, name: 'id', type: { kind: 'string' }, requiredness: 'required', annotations: {} },
      { id: 2, name: 'image', type: { kind: 'binary' }, requiredness: 'required', annotations: {} },
    ],
    annotations: {},
    doc: 'One page.',
  } as StructSchema],
  ['scans.Scans.archive_args', {
    id: 'scans.Scans.archive_args',
    name: 'archive_args',
    kind: 'args',
    fields: [
      { id: 1, name: 'scan', type: { kind: 'struct', id: 'scans.Scan' }, requiredness: 'default', annotations: {} },
    ],
    annotations: {},
  } as StructSchema],
]);

// prettier-ignore
const schema: Schema = {
  program: 'scans',
  files: ['scans.thrift'],
  namespaces: new Map(),
  enums: new Map(),
  constants: new Map(),
  services: new Map([
    ['scans.Scans', {
      id: 'scans.Scans',
      name: 'Scans',
      annotations: { 'sqs.queue': 'scans' },
      functions: functionsOf([
        { name: 'archive', oneway: true, args: structs.get('scans.Scans.archive_args')!, throws: [], annotations: {} },
      ]),
    }],
  ]),
  structs,
};

// prettier-ignore
export const Scans: TypedService<ScansMethods, ScansClient> = defineService(schema, 'Scans');

// prettier-ignore
registerCodecs(schema, 'binary', { format: 3, i64: 'bigint', codecs: binaryCodecs });

// The codecs of the binary protocol: the source that is compiled at run time without this module.
// Some functions declare locals that they do not use, and @ts-ignore silences the compiler about them.
// prettier-ignore
function binaryCodecs({ absent, checkFields, duplicate, fieldsOf, isStruct, mismatch, missing, short, within, writeFailure, wrong }: CodecRuntime): StructCodecs {
  const fields0_scans_Scans_archive_args = fieldsOf("archive_args", 'args', ["scan"]);
  const fields1_scans_Scan = fieldsOf("Scan", 'struct', ["id", "image"]);
  function write0_scans_Scans_archive_args(w: any, v: any): any {
    const plain = typeof v === 'object' && v !== null && v.constructor === Object;
    if (!plain && !isStruct(v)) throw wrong("archive_args (an object)", v);
    w.enter(1);
    let at = "", keys = 1;
    try {
      // @ts-ignore
      let p = w.pos, b = w.bytes, d = w.view;
      if (p + 4 > b.length) { w.pos = p; w.grow(4); b = w.bytes; d = w.view; }
      at = "scan";
      const x0 = v["scan"];
      if (x0 !== undefined && x0 !== null) {
        d.setInt32(p, 201326848); p += 3; w.pos = p; write1_scans_Scan(w, x0); p = w.pos; b = w.bytes; d = w.view;
      } else { if (!("scan" in v)) keys--; }
      if (p + 1 > b.length) { w.pos = p; w.grow(1); b = w.bytes; d = w.view; }
      b[p] = 0; p += 1;
      at = "";
      for (const _key in v) keys--;
      if (keys !== 0 || !plain) checkFields(w, v, fields0_scans_Scans_archive_args);
      w.pos = p;
    } catch (e) { throw writeFailure(e, at, w, v, fields0_scans_Scans_archive_args); }
    w.depth--;
  }
  function read0_scans_Scans_archive_args(r: any): any {
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
          at = "scan";
          if (!(t === 12)) { throw mismatch(t, "scans.Scan"); }
          if (f0 !== undefined) throw duplicate();
          r.pos = p; f0 = read1_scans_Scan(r); p = r.pos;
          break;
          default: r.pos = p; r.skip(t); p = r.pos;
        }
      }
      r.pos = p;
    } catch (e) { throw within(e, at); }
    r.depth--;
    return {
      "scan": f0,
    };
  }
  function write1_scans_Scan(w: any, v: any): any {
    const plain = typeof v === 'object' && v !== null && v.constructor === Object;
    if (!plain && !isStruct(v)) throw wrong("Scan (an object)", v);
    w.enter(1);
    let at = "", keys = 2;
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
      at = "image";
      const x1 = v["image"];
      if (x1 !== undefined && x1 !== null) {
        d.setInt32(p, 184549888); p += 3; w.pos = p; w.writeBinary(x1); p = w.pos; b = w.bytes; d = w.view;
      } else { throw missing("binary"); }
      if (p + 1 > b.length) { w.pos = p; w.grow(1); b = w.bytes; d = w.view; }
      b[p] = 0; p += 1;
      at = "";
      for (const _key in v) keys--;
      if (keys !== 0 || !plain) checkFields(w, v, fields1_scans_Scan);
      w.pos = p;
    } catch (e) { throw writeFailure(e, at, w, v, fields1_scans_Scan); }
    w.depth--;
  }
  function read1_scans_Scan(r: any): any {
    r.enter(1);
    let f0, f1;
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
          at = "image";
          if (!(t === 11)) { throw mismatch(t, "binary"); }
          if (f1 !== undefined) throw duplicate();
          r.pos = p; f1 = r.readBinary(); p = r.pos;
          break;
          default: r.pos = p; r.skip(t); p = r.pos;
        }
      }
      r.pos = p;
      if (f0 === undefined) { at = "id"; throw absent("string"); }
      if (f1 === undefined) { at = "image"; throw absent("binary"); }
    } catch (e) { throw within(e, at); }
    r.depth--;
    return {
      "id": f0,
      "image": f1,
    };
  }
  return new Map([
    ['scans.Scans.archive_args', { write: write0_scans_Scans_archive_args, read: read0_scans_Scans_archive_args }],
  ]);
}
