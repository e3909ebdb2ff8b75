// Made by "nestjs-sqs-thrift generate" from albums.thrift: change that file and run the command again.
// @generated
/* eslint-disable */

// prettier-ignore
import { type CodecRuntime, type Schema, type StructCodecs, type StructSchema, type TypedService, defineService, functionsOf, registerCodecs } from 'nestjs-sqs-thrift/codec';

// prettier-ignore
/** One change to an album. */
export interface AlbumEdit {
  /** Made by the editor; an edit that is sent twice within five minutes is stored once. */
  id: string;
  albumId: string;
  /** Counts the edits of the album, from 1. */
  number: number;
  change: string;
}

// prettier-ignore
/** Accepted values of {@link AlbumEdit}. */
export type AlbumEditInput = AlbumEdit;

// prettier-ignore
/** The arguments of AlbumEdits.apply. */
export interface ApplyArgs {
  edit: AlbumEdit;
}

// prettier-ignore
/** Accepted values of {@link ApplyArgs}. */
export interface ApplyArgsInput {
  edit: AlbumEditInput;
}

// prettier-ignore
/** Lists the oneway functions of AlbumEdits, with the arguments to emit and the arguments that handlers get. */
export interface AlbumEditsMethods {
  apply: { emit: ApplyArgsInput; handle: ApplyArgs };
}

// prettier-ignore
/** Calls the oneway functions of AlbumEdits. Each call resolves with the id of the stored message. */
export interface AlbumEditsClient {
  apply(edit: AlbumEditInput): Promise<string>;
}

// prettier-ignore
/** Handles the oneway functions of AlbumEdits. Controllers implement this interface. */
export interface AlbumEditsHandlers<Context = unknown> {
  apply(args: ApplyArgs, context: Context): unknown;
}

// prettier-ignore
/** Values for the types of the same names, so that decorated classes may import the types without `type`. */
export const
  AlbumEdit: object = Object,
  ApplyArgs: object = Object;

// prettier-ignore
const structs = new Map<string, StructSchema>([
  ['albums.AlbumEdit', {
    id: 'albums.AlbumEdit',
    name: 'AlbumEdit',
    kind: 'struct',
    fields: [
      { id: 1, name: 'id', type: { kind: 'string' }, requiredness: 'required', annotations: {}, doc: 'Made by the editor; an edit that is sent twice within five minutes is stored once.' },
      { id: 2, name: 'albumId', type: { kind: 'string' }, requiredness: 'required', annotations: {} },
      { id: 3, name: 'number', type: { kind: 'i32' }, requiredness: 'required', annotations: {}, doc: 'Counts the edits of the album, from 1.' },
      { id: 4, name: 'change', type: { kind: 'string' }, requiredness: 'required', annotations: {} },
    ],
    annotations: {},
    doc: 'One change to an album.',
  } as StructSchema],
  ['albums.AlbumEdits.apply_args', {
    id: 'albums.AlbumEdits.apply_args',
    name: 'apply_args',
    kind: 'args',
    fields: [
      { id: 1, name: 'edit', type: { kind: 'struct', id: 'albums.AlbumEdit' }, requiredness: 'default', annotations: {} },
    ],
    annotations: {},
  } as StructSchema],
]);

// prettier-ignore
const schema: Schema = {
  program: 'albums',
  files: ['albums.thrift'],
  namespaces: new Map(),
  enums: new Map(),
  constants: new Map(),
  services: new Map([
    ['albums.AlbumEdits', {
      id: 'albums.AlbumEdits',
      name: 'AlbumEdits',
      annotations: { 'sqs.queue': 'album-edits.fifo' },
      functions: functionsOf([
        { name: 'apply', oneway: true, args: structs.get('albums.AlbumEdits.apply_args')!, throws: [], annotations: { 'sqs.group': 'edit.albumId', 'sqs.dedup': 'edit.id' } },
      ]),
    }],
  ]),
  structs,
};

// prettier-ignore
export const AlbumEdits: TypedService<AlbumEditsMethods, AlbumEditsClient> = defineService(schema, 'AlbumEdits');

// prettier-ignore
registerCodecs(schema, 'binary', { format: 3, i64: 'bigint', codecs: binaryCodecs });

// The codecs of the binary protocol: the source that is compiled at run time without this module.
// Some functions declare locals that they do not use, and @ts-ignore silences the compiler about them.
// prettier-ignore
function binaryCodecs({ absent, checkFields, duplicate, fieldsOf, isStruct, mismatch, missing, short, within, writeFailure, wrong }: CodecRuntime): StructCodecs {
  const fields0_albums_AlbumEdits_apply_args = fieldsOf("apply_args", 'args', ["edit"]);
  const fields1_albums_AlbumEdit = fieldsOf("AlbumEdit", 'struct', ["id", "albumId", "number", "change"]);
  function write0_albums_AlbumEdits_apply_args(w: any, v: any): any {
    const plain = typeof v === 'object' && v !== null && v.constructor === Object;
    if (!plain && !isStruct(v)) throw wrong("apply_args (an object)", v);
    w.enter(1);
    let at = "", keys = 1;
    try {
      // @ts-ignore
      let p = w.pos, b = w.bytes, d = w.view;
      if (p + 4 > b.length) { w.pos = p; w.grow(4); b = w.bytes; d = w.view; }
      at = "edit";
      const x0 = v["edit"];
      if (x0 !== undefined && x0 !== null) {
        d.setInt32(p, 201326848); p += 3; w.pos = p; write1_albums_AlbumEdit(w, x0); p = w.pos; b = w.bytes; d = w.view;
      } else { if (!("edit" in v)) keys--; }
      if (p + 1 > b.length) { w.pos = p; w.grow(1); b = w.bytes; d = w.view; }
      b[p] = 0; p += 1;
      at = "";
      for (const _key in v) keys--;
      if (keys !== 0 || !plain) checkFields(w, v, fields0_albums_AlbumEdits_apply_args);
      w.pos = p;
    } catch (e) { throw writeFailure(e, at, w, v, fields0_albums_AlbumEdits_apply_args); }
    w.depth--;
  }
  function read0_albums_AlbumEdits_apply_args(r: any): any {
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
          at = "edit";
          if (!(t === 12)) { throw mismatch(t, "albums.AlbumEdit"); }
          if (f0 !== undefined) throw duplicate();
          r.pos = p; f0 = read1_albums_AlbumEdit(r); p = r.pos;
          break;
          default: r.pos = p; r.skip(t); p = r.pos;
        }
      }
      r.pos = p;
    } catch (e) { throw within(e, at); }
    r.depth--;
    return {
      "edit": f0,
    };
  }
  function write1_albums_AlbumEdit(w: any, v: any): any {
    const plain = typeof v === 'object' && v !== null && v.constructor === Object;
    if (!plain && !isStruct(v)) throw wrong("AlbumEdit (an object)", v);
    w.enter(2);
    let at = "", keys = 4;
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
      at = "albumId";
      const x1 = v["albumId"];
      if (x1 !== undefined && x1 !== null) {
        d.setInt32(p, 184549888); p += 3; w.pos = p; w.writeString(x1); p = w.pos; b = w.bytes; d = w.view;
      } else { throw missing("string"); }
      if (p + 12 > b.length) { w.pos = p; w.grow(12); b = w.bytes; d = w.view; }
      at = "number";
      const x2 = v["number"];
      if (x2 !== undefined && x2 !== null) {
        d.setInt32(p, 134218496); p += 3; if (typeof x2 !== 'number' || x2 !== (x2 | 0)) throw wrong('i32', x2); d.setInt32(p, x2); p += 4;
      } else { throw missing("i32"); }
      at = "change";
      const x3 = v["change"];
      if (x3 !== undefined && x3 !== null) {
        d.setInt32(p, 184550400); p += 3; w.pos = p; w.writeString(x3); p = w.pos; b = w.bytes; d = w.view;
      } else { throw missing("string"); }
      if (p + 1 > b.length) { w.pos = p; w.grow(1); b = w.bytes; d = w.view; }
      b[p] = 0; p += 1;
      at = "";
      for (const _key in v) keys--;
      if (keys !== 0 || !plain) checkFields(w, v, fields1_albums_AlbumEdit);
      w.pos = p;
    } catch (e) { throw writeFailure(e, at, w, v, fields1_albums_AlbumEdit); }
    w.depth--;
  }
  function read1_albums_AlbumEdit(r: any): any {
    r.enter(2);
    let f0, f1, f2, f3;
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
          at = "albumId";
          if (!(t === 11)) { throw mismatch(t, "string"); }
          if (f1 !== undefined) throw duplicate();
          r.pos = p; f1 = r.readString(); p = r.pos;
          break;
          case 3:
          at = "number";
          if (!(t === 8)) { throw mismatch(t, "i32"); }
          if (f2 !== undefined) throw duplicate();
          if (p + 4 > end) throw short(r, p, 4); f2 = d.getInt32(p); p += 4;
          break;
          case 4:
          at = "change";
          if (!(t === 11)) { throw mismatch(t, "string"); }
          if (f3 !== undefined) throw duplicate();
          r.pos = p; f3 = r.readString(); p = r.pos;
          break;
          default: r.pos = p; r.skip(t); p = r.pos;
        }
      }
      r.pos = p;
      if (f0 === undefined) { at = "id"; throw absent("string"); }
      if (f1 === undefined) { at = "albumId"; throw absent("string"); }
      if (f2 === undefined) { at = "number"; throw absent("i32"); }
      if (f3 === undefined) { at = "change"; throw absent("string"); }
    } catch (e) { throw within(e, at); }
    r.depth--;
    return {
      "id": f0,
      "albumId": f1,
      "number": f2,
      "change": f3,
    };
  }
  return new Map([
    ['albums.AlbumEdits.apply_args', { write: write0_albums_AlbumEdits_apply_args, read: read0_albums_AlbumEdits_apply_args }],
  ]);
}
