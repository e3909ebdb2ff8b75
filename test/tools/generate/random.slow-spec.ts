import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { emitModule } from '../../../lib/tools/generate/emit-module.js';
import { PROTOCOLS, resolveGenerateOptions } from '../../../lib/tools/generate/generate-options.js';
import { ModuleScope } from '../../../lib/tools/generate/module-scope.js';
import { findService } from '../../../lib/idl/find-service.js';
import type { FieldSchema, FunctionSchema, Schema, StructSchema, ThriftService } from '../../../lib/idl/schema.js';
import { createReader, writeBytes } from '../../../lib/thrift/messages.js';
import { generatedCodecs } from '../../../lib/thrift/generated-codecs.js';
import { compileService } from '../../../lib/thrift/service-codec.js';
import { randomSchemas } from '../../thrift/random-schema.js';
import { freshFolder, writeFiles } from './harness.js';

const RUNS = 60;
const seed = Date.now() & 0x7fffffff;

/** Adds a service whose one function takes the schema's struct `x.S`. */
function withService(schema: Schema): Schema {
  const field: FieldSchema = {
    id: 1,
    name: 's',
    type: { kind: 'struct', id: 'x.S' },
    requiredness: 'default',
    annotations: {},
  };
  const args: StructSchema = { id: 'x.Q.f_args', name: 'f_args', kind: 'args', fields: [field], annotations: {} };
  const fn: FunctionSchema = { name: 'f', oneway: true, args, throws: [], annotations: {} };
  return {
    ...schema,
    files: ['x.thrift'],
    structs: new Map([...schema.structs, [args.id, args]]),
    services: new Map([['x.Q', { id: 'x.Q', name: 'Q', functions: new Map([['f', fn]]), annotations: {} }]]),
  };
}

/** Only hand-made schemas have names with dots. */
function isFromIdl(schema: Schema): boolean {
  return [...schema.structs.values()].every(({ fields }) => fields.every(({ name }) => !name.includes('.')));
}

function bytesOf(service: ThriftService, protocol: (typeof PROTOCOLS)[number], s: unknown): Buffer {
  const codec = compileService(service, protocol).methods.get('f')!;
  return writeBytes(protocol, (writer) => codec.write(writer, { s }));
}

describe(`random values of random schemas (seed ${seed})`, () => {
  it('encodes the same bytes with generated codecs as with run-time codecs', async () => {
    const folder = freshFolder('random');
    const samples = fc.sample(
      randomSchemas().filter(({ schema }) => isFromIdl(schema)),
      { numRuns: RUNS, seed },
    );
    for (const [index, { schema, value }] of samples.entries()) {
      const whole = withService(schema);
      const text = emitModule(new ModuleScope(whole, ['x'], resolveGenerateOptions({ protocols: PROTOCOLS })));
      writeFiles(folder, { [`x${index}.ts`]: text });
      const { Q } = (await import(join(folder, `x${index}.ts`))) as { Q: ThriftService };
      for (const protocol of PROTOCOLS) {
        expect(generatedCodecs(Q.schema, protocol, { i64: 'bigint' })).toBeDefined();
        const bytes = bytesOf(Q, protocol, value);
        expect(bytes.toString('hex')).toBe(bytesOf(findService(whole, 'Q'), protocol, value).toString('hex'));
        const reader = createReader(protocol, bytes);
        expect(compileService(Q, protocol).methods.get('f')!.read(reader)).toEqual({ s: value });
        expect(reader.remaining).toBe(0);
      }
    }
  }, 120_000);
});
