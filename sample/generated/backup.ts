// Made by "nestjs-sqs-thrift generate" from backup.thrift: change that file and run the command again.
// @generated
/* eslint-disable */

// prettier-ignore
import { type CodecRuntime, type I64Input, type Schema, type SetInput, type StructCodecs, type StructSchema, type TypedService, defineService, functionsOf, registerCodecs } from 'nestjs-sqs-thrift/codec';

// prettier-ignore
/** How far a backup is. */
export enum BackupState {
  STARTED = 1,
  COPYING = 2,
  DONE = 3,
  FAILED = 4,
}

// prettier-ignore
/** Accepted values of {@link BackupState}: a value or the name of a member. */
export type BackupStateInput = BackupState | keyof typeof BackupState;

// prettier-ignore
/** Somebody clicked. */
export interface BackupRequest {
  /** Made by the web application; everything about this backup carries it. */
  id: string;
  /** Whose files. */
  userId: string;
  /** When they clicked, in ms since the epoch. */
  requestedAt: bigint;
  /** Folders of the user to leave out. */
  excludedFolders?: Set<string> | undefined;
}

// prettier-ignore
/** Accepted values of {@link BackupRequest}. */
export interface BackupRequestInput {
  /** Made by the web application; everything about this backup carries it. */
  id: string;
  /** Whose files. */
  userId: string;
  /** When they clicked, in ms since the epoch. */
  requestedAt: I64Input;
  /** Folders of the user to leave out. */
  excludedFolders?: SetInput<string> | null | undefined;
}

// prettier-ignore
/** Where a backup stands. */
export interface BackupProgress {
  id: string;
  state: BackupState;
  filesDone: number;
  filesTotal: number;
  bytesDone: bigint;
  /** Delivery of the request that this is about: above 1 after a retry. */
  attempt: number;
  problem?: string | undefined;
}

// prettier-ignore
/** Accepted values of {@link BackupProgress}. */
export interface BackupProgressInput {
  id: string;
  state: BackupStateInput;
  filesDone?: number | null | undefined;
  filesTotal?: number | null | undefined;
  bytesDone?: I64Input | null | undefined;
  /** Delivery of the request that this is about: above 1 after a retry. */
  attempt?: number | null | undefined;
  problem?: string | null | undefined;
}

// prettier-ignore
/** The arguments of BackupQueue.startBackup. */
export interface StartBackupArgs {
  request: BackupRequest;
}

// prettier-ignore
/** Accepted values of {@link StartBackupArgs}. */
export interface StartBackupArgsInput {
  request: BackupRequestInput;
}

// prettier-ignore
/** Lists the oneway functions of BackupQueue, with the arguments to emit and the arguments that handlers get. */
export interface BackupQueueMethods {
  startBackup: { emit: StartBackupArgsInput; handle: StartBackupArgs };
}

// prettier-ignore
/** Calls the oneway functions of BackupQueue. Each call resolves with the id of the stored message. */
export interface BackupQueueClient {
  startBackup(request: BackupRequestInput): Promise<string>;
}

// prettier-ignore
/** Handles the oneway functions of BackupQueue. Controllers implement this interface. */
export interface BackupQueueHandlers<Context = unknown> {
  startBackup(args: StartBackupArgs, context: Context): unknown;
}

// prettier-ignore
/** The arguments of BackupReports.progress. */
export interface ProgressArgs {
  progress: BackupProgress;
}

// prettier-ignore
/** Accepted values of {@link ProgressArgs}. */
export interface ProgressArgsInput {
  progress: BackupProgressInput;
}

// prettier-ignore
/** Lists the oneway functions of BackupReports, with the arguments to emit and the arguments that handlers get. */
export interface BackupReportsMethods {
  progress: { emit: ProgressArgsInput; handle: ProgressArgs };
}

// prettier-ignore
/** Calls the oneway functions of BackupReports. Each call resolves with the id of the stored message. */
export interface BackupReportsClient {
  progress(progress: BackupProgressInput): Promise<string>;
}

// prettier-ignore
/** Handles the oneway functions of BackupReports. Controllers implement this interface. */
export interface BackupReportsHandlers<Context = unknown> {
  progress(args: ProgressArgs, context: Context): unknown;
}

// prettier-ignore
/** Values for the types of the same names, so that decorated classes may import the types without `type`. */
export const
  BackupRequest: object = Object,
  BackupProgress: object = Object,
  StartBackupArgs: object = Object,
  ProgressArgs: object = Object;

// prettier-ignore
const structs = new Map<string, StructSchema>([
  ['backup.BackupRequest', {
    id: 'backup.BackupRequest',
    name: 'BackupRequest',
    kind: 'struct',
    fields: [
      { id: 1, name: 'id', type: { kind: 'string' }, requiredness: 'required', annotations: {}, doc: 'Made by the web application; everything about this backup carries it.' },
      { id: 2, name: 'userId', type: { kind: 'string' }, requiredness: 'required', annotations: {}, doc: 'Whose files.' },
      { id: 3, name: 'requestedAt', type: { kind: 'i64' }, requiredness: 'required', annotations: {}, doc: 'When they clicked, in ms since the epoch.' },
      { id: 4, name: 'excludedFolders', type: { kind: 'set', element: { kind: 'string' } }, requiredness: 'optional', annotations: {}, doc: 'Folders of the user to leave out.' },
    ],
    annotations: {},
    doc: 'Somebody clicked.',
  } as StructSchema],
  ['backup.BackupProgress', {
    id: 'backup.BackupProgress',
    name: 'BackupProgress',
    kind: 'struct',
    fields: [
      { id: 1, name: 'id', type: { kind: 'string' }, requiredness: 'required', annotations: {} },
      { id: 2, name: 'state', type: { kind: 'enum', id: 'backup.BackupState' }, requiredness: 'required', annotations: {} },
      { id: 3, name: 'filesDone', type: { kind: 'i32' }, requiredness: 'default', defaultValue: 0, annotations: {} },
      { id: 4, name: 'filesTotal', type: { kind: 'i32' }, requiredness: 'default', defaultValue: 0, annotations: {} },
      { id: 5, name: 'bytesDone', type: { kind: 'i64' }, requiredness: 'default', defaultValue: 0n, annotations: {} },
      { id: 6, name: 'attempt', type: { kind: 'i32' }, requiredness: 'default', defaultValue: 1, annotations: {}, doc: 'Delivery of the request that this is about: above 1 after a retry.' },
      { id: 7, name: 'problem', type: { kind: 'string' }, requiredness: 'optional', annotations: {} },
    ],
    annotations: {},
    doc: 'Where a backup stands.',
  } as StructSchema],
  ['backup.BackupQueue.startBackup_args', {
    id: 'backup.BackupQueue.startBackup_args',
    name: 'startBackup_args',
    kind: 'args',
    fields: [
      { id: 1, name: 'request', type: { kind: 'struct', id: 'backup.BackupRequest' }, requiredness: 'default', annotations: {} },
    ],
    annotations: {},
  } as StructSchema],
  ['backup.BackupReports.progress_args', {
    id: 'backup.BackupReports.progress_args',
    name: 'progress_args',
    kind: 'args',
    fields: [
      { id: 1, name: 'progress', type: { kind: 'struct', id: 'backup.BackupProgress' }, requiredness: 'default', annotations: {} },
    ],
    annotations: {},
  } as StructSchema],
]);

// prettier-ignore
const schema: Schema = {
  program: 'backup',
  files: ['backup.thrift'],
  namespaces: new Map([
    ['java', 'com.example.backup'],
    ['py', 'backup'],
    ['go', 'backup'],
  ]),
  enums: new Map([
    ['backup.BackupState', {
      id: 'backup.BackupState',
      name: 'BackupState',
      values: new Map([
        ['STARTED', 1],
        ['COPYING', 2],
        ['DONE', 3],
        ['FAILED', 4],
      ]),
      annotations: {},
      doc: 'How far a backup is.',
    }],
  ]),
  constants: new Map(),
  services: new Map([
    ['backup.BackupQueue', {
      id: 'backup.BackupQueue',
      name: 'BackupQueue',
      annotations: {},
      doc: 'What the web application asks of the workers.',
      functions: functionsOf([
        { name: 'startBackup', oneway: true, args: structs.get('backup.BackupQueue.startBackup_args')!, throws: [], annotations: {} },
      ]),
    }],
    ['backup.BackupReports', {
      id: 'backup.BackupReports',
      name: 'BackupReports',
      annotations: {},
      doc: 'What the workers tell the web application.',
      functions: functionsOf([
        { name: 'progress', oneway: true, args: structs.get('backup.BackupReports.progress_args')!, throws: [], annotations: {} },
      ]),
    }],
  ]),
  structs,
};

// prettier-ignore
/** What the web application asks of the workers. */
export const BackupQueue: TypedService<BackupQueueMethods, BackupQueueClient> = defineService(schema, 'BackupQueue');

// prettier-ignore
/** What the workers tell the web application. */
export const BackupReports: TypedService<BackupReportsMethods, BackupReportsClient> = defineService(schema, 'BackupReports');

// prettier-ignore
registerCodecs(schema, 'binary', { format: 3, i64: 'bigint', codecs: binaryCodecs });

// The codecs of the binary protocol: the source that is compiled at run time without this module.
// Some functions declare locals that they do not use, and @ts-ignore silences the compiler about them.
// prettier-ignore
function binaryCodecs({ absent, changed, checkFields, duplicate, enumOf, enumValue, fieldsOf, isStruct, mismatch, missing, putI64, setOf, short, within, writeFailure, wrong }: CodecRuntime): StructCodecs {
  const fields0_backup_BackupQueue_startBackup_args = fieldsOf("startBackup_args", 'args', ["request"]);
  const fields1_backup_BackupReports_progress_args = fieldsOf("progress_args", 'args', ["progress"]);
  const fields2_backup_BackupRequest = fieldsOf("BackupRequest", 'struct', ["id", "userId", "requestedAt", "excludedFolders"]);
  const fields3_backup_BackupProgress = fieldsOf("BackupProgress", 'struct', ["id", "state", "filesDone", "filesTotal", "bytesDone", "attempt", "problem"]);
  const enum0_backup_BackupState = enumOf("backup.BackupState", [["STARTED", 1], ["COPYING", 2], ["DONE", 3], ["FAILED", 4]]);
  function write0_backup_BackupQueue_startBackup_args(w: any, v: any): any {
    const plain = typeof v === 'object' && v !== null && v.constructor === Object;
    if (!plain && !isStruct(v)) throw wrong("startBackup_args (an object)", v);
    w.enter(1);
    let at = "", keys = 1;
    try {
      // @ts-ignore
      let p = w.pos, b = w.bytes, d = w.view;
      if (p + 4 > b.length) { w.pos = p; w.grow(4); b = w.bytes; d = w.view; }
      at = "request";
      const x0 = v["request"];
      if (x0 !== undefined && x0 !== null) {
        d.setInt32(p, 201326848); p += 3; w.pos = p; write2_backup_BackupRequest(w, x0); p = w.pos; b = w.bytes; d = w.view;
      } else { if (!("request" in v)) keys--; }
      if (p + 1 > b.length) { w.pos = p; w.grow(1); b = w.bytes; d = w.view; }
      b[p] = 0; p += 1;
      at = "";
      for (const _key in v) keys--;
      if (keys !== 0 || !plain) checkFields(w, v, fields0_backup_BackupQueue_startBackup_args);
      w.pos = p;
    } catch (e) { throw writeFailure(e, at, w, v, fields0_backup_BackupQueue_startBackup_args); }
    w.depth--;
  }
  function read0_backup_BackupQueue_startBackup_args(r: any): any {
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
          at = "request";
          if (!(t === 12)) { throw mismatch(t, "backup.BackupRequest"); }
          if (f0 !== undefined) throw duplicate();
          r.pos = p; f0 = read2_backup_BackupRequest(r); p = r.pos;
          break;
          default: r.pos = p; r.skip(t); p = r.pos;
        }
      }
      r.pos = p;
    } catch (e) { throw within(e, at); }
    r.depth--;
    return {
      "request": f0,
    };
  }
  function write1_backup_BackupReports_progress_args(w: any, v: any): any {
    const plain = typeof v === 'object' && v !== null && v.constructor === Object;
    if (!plain && !isStruct(v)) throw wrong("progress_args (an object)", v);
    w.enter(1);
    let at = "", keys = 1;
    try {
      // @ts-ignore
      let p = w.pos, b = w.bytes, d = w.view;
      if (p + 4 > b.length) { w.pos = p; w.grow(4); b = w.bytes; d = w.view; }
      at = "progress";
      const x0 = v["progress"];
      if (x0 !== undefined && x0 !== null) {
        d.setInt32(p, 201326848); p += 3; w.pos = p; write3_backup_BackupProgress(w, x0); p = w.pos; b = w.bytes; d = w.view;
      } else { if (!("progress" in v)) keys--; }
      if (p + 1 > b.length) { w.pos = p; w.grow(1); b = w.bytes; d = w.view; }
      b[p] = 0; p += 1;
      at = "";
      for (const _key in v) keys--;
      if (keys !== 0 || !plain) checkFields(w, v, fields1_backup_BackupReports_progress_args);
      w.pos = p;
    } catch (e) { throw writeFailure(e, at, w, v, fields1_backup_BackupReports_progress_args); }
    w.depth--;
  }
  function read1_backup_BackupReports_progress_args(r: any): any {
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
          at = "progress";
          if (!(t === 12)) { throw mismatch(t, "backup.BackupProgress"); }
          if (f0 !== undefined) throw duplicate();
          r.pos = p; f0 = read3_backup_BackupProgress(r); p = r.pos;
          break;
          default: r.pos = p; r.skip(t); p = r.pos;
        }
      }
      r.pos = p;
    } catch (e) { throw within(e, at); }
    r.depth--;
    return {
      "progress": f0,
    };
  }
  function write2_backup_BackupRequest(w: any, v: any): any {
    const plain = typeof v === 'object' && v !== null && v.constructor === Object;
    if (!plain && !isStruct(v)) throw wrong("BackupRequest (an object)", v);
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
      at = "userId";
      const x1 = v["userId"];
      if (x1 !== undefined && x1 !== null) {
        d.setInt32(p, 184549888); p += 3; w.pos = p; w.writeString(x1); p = w.pos; b = w.bytes; d = w.view;
      } else { throw missing("string"); }
      if (p + 16 > b.length) { w.pos = p; w.grow(16); b = w.bytes; d = w.view; }
      at = "requestedAt";
      const x2 = v["requestedAt"];
      if (x2 !== undefined && x2 !== null) {
        d.setInt32(p, 167772928); p += 3; putI64(d, p, x2); p += 8;
      } else { throw missing("i64"); }
      at = "excludedFolders";
      const x3 = v["excludedFolders"];
      if (x3 !== undefined && x3 !== null) {
        d.setInt32(p, 234882048); p += 3; w.pos = p; write4_set_string_(w, x3); p = w.pos; b = w.bytes; d = w.view;
      } else { if (!("excludedFolders" in v)) keys--; }
      if (p + 1 > b.length) { w.pos = p; w.grow(1); b = w.bytes; d = w.view; }
      b[p] = 0; p += 1;
      at = "";
      for (const _key in v) keys--;
      if (keys !== 0 || !plain) checkFields(w, v, fields2_backup_BackupRequest);
      w.pos = p;
    } catch (e) { throw writeFailure(e, at, w, v, fields2_backup_BackupRequest); }
    w.depth--;
  }
  function read2_backup_BackupRequest(r: any): any {
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
          at = "userId";
          if (!(t === 11)) { throw mismatch(t, "string"); }
          if (f1 !== undefined) throw duplicate();
          r.pos = p; f1 = r.readString(); p = r.pos;
          break;
          case 3:
          at = "requestedAt";
          if (!(t === 10)) { throw mismatch(t, "i64"); }
          if (f2 !== undefined) throw duplicate();
          if (p + 8 > end) throw short(r, p, 8); f2 = d.getBigInt64(p); p += 8;
          break;
          case 4:
          at = "excludedFolders";
          if (!(t === 14)) { throw mismatch(t, "set<string>"); }
          if (f3 !== undefined) throw duplicate();
          r.pos = p; f3 = read4_set_string_(r); p = r.pos;
          break;
          default: r.pos = p; r.skip(t); p = r.pos;
        }
      }
      r.pos = p;
      if (f0 === undefined) { at = "id"; throw absent("string"); }
      if (f1 === undefined) { at = "userId"; throw absent("string"); }
      if (f2 === undefined) { at = "requestedAt"; throw absent("i64"); }
    } catch (e) { throw within(e, at); }
    r.depth--;
    return {
      "id": f0,
      "userId": f1,
      "requestedAt": f2,
      "excludedFolders": f3,
    };
  }
  function write3_backup_BackupProgress(w: any, v: any): any {
    const plain = typeof v === 'object' && v !== null && v.constructor === Object;
    if (!plain && !isStruct(v)) throw wrong("BackupProgress (an object)", v);
    w.enter(4);
    let at = "", keys = 7;
    try {
      // @ts-ignore
      let p = w.pos, b = w.bytes, d = w.view;
      if (p + 4 > b.length) { w.pos = p; w.grow(4); b = w.bytes; d = w.view; }
      at = "id";
      const x0 = v["id"];
      if (x0 !== undefined && x0 !== null) {
        d.setInt32(p, 184549632); p += 3; w.pos = p; w.writeString(x0); p = w.pos; b = w.bytes; d = w.view;
      } else { throw missing("string"); }
      if (p + 48 > b.length) { w.pos = p; w.grow(48); b = w.bytes; d = w.view; }
      at = "state";
      const x1 = v["state"];
      if (x1 !== undefined && x1 !== null) {
        d.setInt32(p, 134218240); p += 3; d.setInt32(p, enumValue(enum0_backup_BackupState, x1)); p += 4;
      } else { throw missing("backup.BackupState"); }
      at = "filesDone";
      const x2 = v["filesDone"] ?? (w.writeDefaults ? 0 : undefined);
      if (x2 !== undefined && x2 !== null) {
        d.setInt32(p, 134218496); p += 3; if (typeof x2 !== 'number' || x2 !== (x2 | 0)) throw wrong('i32', x2); d.setInt32(p, x2); p += 4;
      } else { if (!("filesDone" in v)) keys--; }
      at = "filesTotal";
      const x3 = v["filesTotal"] ?? (w.writeDefaults ? 0 : undefined);
      if (x3 !== undefined && x3 !== null) {
        d.setInt32(p, 134218752); p += 3; if (typeof x3 !== 'number' || x3 !== (x3 | 0)) throw wrong('i32', x3); d.setInt32(p, x3); p += 4;
      } else { if (!("filesTotal" in v)) keys--; }
      at = "bytesDone";
      const x4 = v["bytesDone"] ?? (w.writeDefaults ? 0n : undefined);
      if (x4 !== undefined && x4 !== null) {
        d.setInt32(p, 167773440); p += 3; putI64(d, p, x4); p += 8;
      } else { if (!("bytesDone" in v)) keys--; }
      at = "attempt";
      const x5 = v["attempt"] ?? (w.writeDefaults ? 1 : undefined);
      if (x5 !== undefined && x5 !== null) {
        d.setInt32(p, 134219264); p += 3; if (typeof x5 !== 'number' || x5 !== (x5 | 0)) throw wrong('i32', x5); d.setInt32(p, x5); p += 4;
      } else { if (!("attempt" in v)) keys--; }
      at = "problem";
      const x6 = v["problem"];
      if (x6 !== undefined && x6 !== null) {
        d.setInt32(p, 184551168); p += 3; w.pos = p; w.writeString(x6); p = w.pos; b = w.bytes; d = w.view;
      } else { if (!("problem" in v)) keys--; }
      if (p + 1 > b.length) { w.pos = p; w.grow(1); b = w.bytes; d = w.view; }
      b[p] = 0; p += 1;
      at = "";
      for (const _key in v) keys--;
      if (keys !== 0 || !plain) checkFields(w, v, fields3_backup_BackupProgress);
      w.pos = p;
    } catch (e) { throw writeFailure(e, at, w, v, fields3_backup_BackupProgress); }
    w.depth--;
  }
  function read3_backup_BackupProgress(r: any): any {
    r.enter(4);
    let f0, f1, f2, f3, f4, f5, f6;
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
          at = "state";
          if (!(t === 8)) { throw mismatch(t, "backup.BackupState"); }
          if (f1 !== undefined) throw duplicate();
          if (p + 4 > end) throw short(r, p, 4); f1 = d.getInt32(p); p += 4;
          break;
          case 3:
          at = "filesDone";
          if (!(t === 8)) { throw mismatch(t, "i32"); }
          if (f2 !== undefined) throw duplicate();
          if (p + 4 > end) throw short(r, p, 4); f2 = d.getInt32(p); p += 4;
          break;
          case 4:
          at = "filesTotal";
          if (!(t === 8)) { throw mismatch(t, "i32"); }
          if (f3 !== undefined) throw duplicate();
          if (p + 4 > end) throw short(r, p, 4); f3 = d.getInt32(p); p += 4;
          break;
          case 5:
          at = "bytesDone";
          if (!(t === 10)) { throw mismatch(t, "i64"); }
          if (f4 !== undefined) throw duplicate();
          if (p + 8 > end) throw short(r, p, 8); f4 = d.getBigInt64(p); p += 8;
          break;
          case 6:
          at = "attempt";
          if (!(t === 8)) { throw mismatch(t, "i32"); }
          if (f5 !== undefined) throw duplicate();
          if (p + 4 > end) throw short(r, p, 4); f5 = d.getInt32(p); p += 4;
          break;
          case 7:
          at = "problem";
          if (!(t === 11)) { throw mismatch(t, "string"); }
          if (f6 !== undefined) throw duplicate();
          r.pos = p; f6 = r.readString(); p = r.pos;
          break;
          default: r.pos = p; r.skip(t); p = r.pos;
        }
      }
      r.pos = p;
      if (f0 === undefined) { at = "id"; throw absent("string"); }
      if (f1 === undefined) { at = "state"; throw absent("backup.BackupState"); }
    } catch (e) { throw within(e, at); }
    r.depth--;
    return {
      "id": f0,
      "state": f1,
      "filesDone": f2 === undefined ? 0 : f2,
      "filesTotal": f3 === undefined ? 0 : f3,
      "bytesDone": f4 === undefined ? 0n : f4,
      "attempt": f5 === undefined ? 1 : f5,
      "problem": f6,
    };
  }
  function write4_set_string_(w: any, v: any): any {
    const items = v instanceof Set ? v : setOf(v);
    const n = items.size;
    w.enterTable(n, 1);
    let i = 0;
    try {
      // @ts-ignore
      let p = w.pos, b = w.bytes, d = w.view;
      if (p + 5 > b.length) { w.pos = p; w.grow(5); b = w.bytes; d = w.view; } b[p] = 11; d.setInt32(p + 1, n); p += 5;
      for (const x of items) {
        w.pos = p; w.writeString(x); p = w.pos; b = w.bytes; d = w.view;
        i++;
      }
      if (i !== n) throw changed();
      w.pos = p;
    } catch (e) { throw within(e, i); }
    w.open--;
  }
  function read4_set_string_(r: any): any {
    const n = r.readList(11);
    r.charge(n === 0 ? 12 : 8, 'a set');
    const items = new Set();
    let i = 0, x;
    try {
      // @ts-ignore
      let p = r.pos; const b = r.bytes, d = r.view, end = r.end;
      for (; i < n; i++) {
        r.pos = p; x = r.readString(); p = r.pos;
        items.add(x);
      }
      r.pos = p;
    } catch (e) { throw within(e, i); }
    r.open--;
    return items;
  }
  return new Map([
    ['backup.BackupQueue.startBackup_args', { write: write0_backup_BackupQueue_startBackup_args, read: read0_backup_BackupQueue_startBackup_args }],
    ['backup.BackupReports.progress_args', { write: write1_backup_BackupReports_progress_args, read: read1_backup_BackupReports_progress_args }],
  ]);
}
