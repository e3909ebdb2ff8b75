import { createEventCodec, type EventCodec } from '#lib/event/event-codec.js';
import { findService } from '#lib/idl/find-service.js';
import { loadSchemaFromText } from '#lib/idl/load-schema.js';
import type { ThriftService } from '#lib/idl/schema.js';
import type { WireBody } from '#lib/queue/wire-message.js';
import { ThriftWriteError } from '#lib/thrift/errors.js';
import { LARGEST_LIMITS } from '#lib/thrift/limits.js';
import { writeBytes } from '#lib/thrift/messages.js';
import { TMessageType, type ProtocolName } from '#lib/thrift/protocol.js';
import { mutated } from '../mutate.js';
import { seeded } from '../random.js';
import { idlOf, type SchemaGene } from './costly-schema.js';
import { generatedService } from './generated-service.js';
import { type Shape, ShapeWriter, TooLongError } from './write-shape.js';

/** Bytes of a body at most. */
export const MOST_BYTES = 128 * 1024;

/** A body and the worker that reads it, as plain data. */
export interface CostlyCase {
  readonly protocol: ProtocolName;
  readonly schema: SchemaGene;
  readonly shape: Shape;
  /** Calls in the body. */
  readonly calls: number;
  /** Seeds of changes of single bytes. */
  readonly edits: readonly number[];
  /** Form of the body: bytes, or text as SQS carries it. `wrapped` has line breaks. JSON text is never base64. */
  readonly form: 'bytes' | 'base64' | 'wrapped';
  /** True if the body is split into its calls, in place of being read. */
  readonly split: boolean;
  /** True for the codecs of a generated module in place of codecs that are compiled at run time. */
  readonly generated: boolean;
  readonly lenient: boolean;
  readonly i64: 'bigint' | 'number';
}

/** A case that is ready to be read. */
export interface CostlyBody {
  readonly idl: string;
  readonly codec: EventCodec;
  readonly body: WireBody;
  readonly bytes: number;
  readonly split: boolean;
}

/** Compiles the IDL of a case and writes its body. Undefined if the IDL is invalid, or nothing fits into a body. */
export function costlyBody(one: CostlyCase): CostlyBody | undefined {
  const service = serviceOf(one);
  if (service === undefined) return undefined;
  const calls = callsOf(one, service.service);
  if (calls === undefined) return undefined;
  const codec = createEventCodec([service.service], {
    protocol: one.protocol,
    lenient: one.lenient,
    i64: one.i64,
  });
  const body = inForm(edited(one, calls), one);
  return { idl: service.idl, codec, body, bytes: body.length, split: one.split };
}

/** An IDL that is no schema, such as a struct that contains itself, is no case. */
function serviceOf({ schema, generated, protocol, i64 }: CostlyCase) {
  try {
    const idl = idlOf(schema);
    const loaded = loadSchemaFromText(idl, { fileName: 'costly.thrift' });
    const service = generated ? generatedService(loaded, 'S', protocol, i64) : findService(loaded, 'S');
    // Compiles the codecs, which refuses what the schema alone does not show.
    createEventCodec([service], { protocol, i64 });
    return { idl, service };
  } catch {
    return undefined;
  }
}

/** Writes the calls, with as many elements as fit. */
function callsOf({ form, calls, protocol, shape }: CostlyCase, service: ThriftService): Buffer | undefined {
  const all = form === 'bytes' || protocol === 'json' ? MOST_BYTES : Math.floor((MOST_BYTES / 4) * 3 * 0.98);
  const most = Math.floor(all / calls);
  let scale = 1;
  for (let tries = 0; tries < 6; tries++) {
    try {
      const one = oneCall(service, protocol, shape, most, scale);
      if (one.length > most) throw new TooLongError(most / one.length);
      return Buffer.concat(Array<Buffer>(calls).fill(one));
    } catch (error) {
      // A struct that contains itself by a required field has no end.
      if (error instanceof ThriftWriteError) return undefined;
      if (!(error instanceof TooLongError)) throw error;
      scale *= error.share * 0.98;
    }
  }
  return undefined;
}

function oneCall(service: ThriftService, protocol: ProtocolName, shape: Shape, most: number, scale: number): Buffer {
  return writeBytes(protocol, (writer) => {
    writer.obey(LARGEST_LIMITS);
    writer.writeMessageBegin('m', TMessageType.ONEWAY, 0);
    new ShapeWriter(service.schema, writer, most, scale).args(service.functions.get('m')!.args.fields, shape);
    writer.writeMessageEnd();
  });
}

function edited({ edits }: CostlyCase, calls: Buffer): Buffer {
  let bytes = calls;
  for (const seed of edits) bytes = mutated(seeded(seed), bytes, calls);
  return bytes.subarray(0, MOST_BYTES);
}

function inForm(bytes: Buffer, { form, protocol }: CostlyCase): WireBody {
  if (form === 'bytes') return bytes;
  if (protocol === 'json') return bytes.toString();
  const text = bytes.toString('base64');
  return form === 'base64' ? text : text.replace(/.{76}/g, '$&\n');
}
