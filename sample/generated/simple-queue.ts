// Made by "nestjs-sqs-thrift generate" from simple-queue.thrift: change that file and run the command again.
// @generated
/* eslint-disable */

// prettier-ignore
import { type CodecRuntime, type Schema, type StructCodecs, type StructSchema, type TypedService, defineService, functionsOf, registerCodecs } from 'nestjs-sqs-thrift/codec';

// prettier-ignore
/** The arguments of Queue.push. */
export interface PushArgs {
  msg: string;
}

// prettier-ignore
/** Accepted values of {@link PushArgs}. */
export type PushArgsInput = PushArgs;

// prettier-ignore
/** Lists the oneway functions of Queue, with the arguments to emit and the arguments that handlers get. */
export interface QueueMethods {
  push: { emit: PushArgsInput; handle: PushArgs };
}

// prettier-ignore
/** Calls the oneway functions of Queue. Each call resolves with the id of the stored message. */
export interface QueueClient {
  push(msg: string): Promise<string>;
}

// prettier-ignore
/** Handles the oneway functions of Queue. Controllers implement this interface. */
export interface QueueHandlers<Context = unknown> {
  push(args: PushArgs, context: Context): unknown;
}

// prettier-ignore
/** Values for the types of the same names, so that decorated classes may import the types without `type`. */
export const
  PushArgs: object = Object;

// prettier-ignore
const structs = new Map<string, StructSchema>([
  ['simple-queue.Queue.push_args', {
    id: 'simple-queue.Queue.push_args',
    name: 'push_args',
    kind: 'args',
    fields: [
      { id: 1, name: 'msg', type: { kind: 'string' }, requiredness: 'default', annotations: {} },
    ],
    annotations: {},
  } as StructSchema],
]);

// prettier-ignore
const schema: Schema = {
  program: 'simple-queue',
  files: ['simple-queue.thrift'],
  namespaces: new Map(),
  enums: new Map(),
  constants: new Map(),
  services: new Map([
    ['simple-queue.Queue', {
      id: 'simple-queue.Queue',
      name: 'Queue',
      annotations: {},
      doc: 'The queue of simple-thrift-queue (2008). Its `ping` and `pop` return something, which a oneway call cannot do.',
      functions: functionsOf([
        { name: 'push', oneway: true, args: structs.get('simple-queue.Queue.push_args')!, throws: [], annotations: {} },
      ]),
    }],
  ]),
  structs,
};

// prettier-ignore
/** The queue of simple-thrift-queue (2008). Its `ping` and `pop` return something, which a oneway call cannot do. */
export const Queue: TypedService<QueueMethods, QueueClient> = defineService(schema, 'Queue');

// prettier-ignore
registerCodecs(schema, 'binary', { format: 3, i64: 'bigint', codecs: binaryCodecs });

// The codecs of the binary protocol: the source that is compiled at run time without this module.
// Some functions declare locals that they do not use, and @ts-ignore silences the compiler about them.
// prettier-ignore
function binaryCodecs({ checkFields, duplicate, fieldsOf, isStruct, mismatch, short, within, writeFailure, wrong }: CodecRuntime): StructCodecs {
  const fields0_simple_queue_Queue_push_args = fieldsOf("push_args", 'args', ["msg"]);
  function write0_simple_queue_Queue_push_args(w: any, v: any): any {
    const plain = typeof v === 'object' && v !== null && v.constructor === Object;
    if (!plain && !isStruct(v)) throw wrong("push_args (an object)", v);
    w.enter(1);
    let at = "", keys = 1;
    try {
      // @ts-ignore
      let p = w.pos, b = w.bytes, d = w.view;
      if (p + 4 > b.length) { w.pos = p; w.grow(4); b = w.bytes; d = w.view; }
      at = "msg";
      const x0 = v["msg"];
      if (x0 !== undefined && x0 !== null) {
        d.setInt32(p, 184549632); p += 3; w.pos = p; w.writeString(x0); p = w.pos; b = w.bytes; d = w.view;
      } else { if (!("msg" in v)) keys--; }
      if (p + 1 > b.length) { w.pos = p; w.grow(1); b = w.bytes; d = w.view; }
      b[p] = 0; p += 1;
      at = "";
      for (const _key in v) keys--;
      if (keys !== 0 || !plain) checkFields(w, v, fields0_simple_queue_Queue_push_args);
      w.pos = p;
    } catch (e) { throw writeFailure(e, at, w, v, fields0_simple_queue_Queue_push_args); }
    w.depth--;
  }
  function read0_simple_queue_Queue_push_args(r: any): any {
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
          at = "msg";
          if (!(t === 11)) { throw mismatch(t, "string"); }
          if (f0 !== undefined) throw duplicate();
          r.pos = p; f0 = r.readString(); p = r.pos;
          break;
          default: r.pos = p; r.skip(t); p = r.pos;
        }
      }
      r.pos = p;
    } catch (e) { throw within(e, at); }
    r.depth--;
    return {
      "msg": f0,
    };
  }
  return new Map([
    ['simple-queue.Queue.push_args', { write: write0_simple_queue_Queue_push_args, read: read0_simple_queue_Queue_push_args }],
  ]);
}
