import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { findService } from '../../lib/idl/find-service.js';
import { createReader, writeBytes } from '../../lib/thrift/messages.js';
import type { ProtocolName } from '../../lib/thrift/protocol.js';
import { compileService } from '../../lib/thrift/service-codec.js';
import { PROTOCOLS } from '../vectors/protocols.js';
import {
  FLAVOURS,
  instanceOf,
  readCall,
  readStruct,
  structClass,
  TORTURE_SCHEMA,
  writeCall,
  writeStruct,
} from './generated-code.js';
import { structIn, type StructUnderTest } from './harness.js';
import { TORTURE, VALUES } from './torture-values.js';

const schema = TORTURE_SCHEMA;
const service = findService(schema, 'Tester');

const codecOf = (protocol: ProtocolName, name: string): StructUnderTest =>
  structIn(schema, `torture.${name}`, { protocol });

const OUT_OF_ORDER = new Set(['Ids', 'Negative']);

const ROWS = FLAVOURS.flatMap((flavour) => PROTOCOLS.map((protocol) => [flavour, protocol] as const));

describe.each(ROWS)('code of the Apache compiler (%s) over our %s protocol', (flavour, protocol) => {
  it.each(VALUES)('generated code writes the same bytes as our codec: %s %#', (name, value) => {
    const codec = codecOf(protocol, name);
    const bytes = writeStruct(flavour, protocol, name, value);
    // Theirs writes fields in the order of declaration; ours, like Apache's other languages, in that of their ids.
    const same = OUT_OF_ORDER.has(name) ? codec.encode(codec.decode(bytes)) : bytes;
    expect(same.toString('hex')).toBe(codec.hex(value));
  });

  it.each(VALUES)('generated code reads the bytes of our codec: %s %#', (name, value) => {
    const codec = codecOf(protocol, name);
    const bytes = codec.encode(value);
    const read = readStruct(flavour, protocol, name, bytes);
    expect(read).toBeInstanceOf(structClass(flavour, name));
    // What it read, written again by itself and by our codec.
    const again = writeBytes(protocol, (writer) => read[Symbol.for('write')]!(writer));
    expect(codec.hex(codec.decode(again))).toBe(bytes.toString('hex'));
    expect(codec.hex(read)).toBe(bytes.toString('hex'));
  });

  it.each(VALUES)('our codec reads the bytes of generated code: %s %#', (name, value) => {
    const codec = codecOf(protocol, name);
    expect(codec.decode(writeStruct(flavour, protocol, name, value))).toEqual(codec.decode(codec.encode(value)));
  });

  it('generated code skips unknown fields, bools included', () => {
    const bytes = codecOf(protocol, 'Torture').encode(TORTURE);
    expect(readStruct(flavour, protocol, 'Empty', bytes)).toEqual(new (structClass(flavour, 'Empty'))());
  });

  it('a generated client writes the same message as our codec', () => {
    const args = { torture: TORTURE, urgent: true, seed: 7 };
    const torture = instanceOf(flavour, { kind: 'struct', id: 'torture.Torture' }, TORTURE);
    const bytes = writeCall(flavour, protocol, 'run', [torture, true, 7]);
    const reader = createReader(protocol, bytes);
    expect(reader.readMessageBegin()).toMatchObject({ name: 'run', type: 4, seqid: 1 });
    const codec = compileService(service, protocol).methods.get('run')!;
    const read = codec.read(reader);
    reader.readMessageEnd();
    expect(reader.remaining).toBe(0);
    const ours = writeBytes(protocol, (writer) => {
      writer.writeMessageBegin('run', 4, 1);
      codec.write(writer, args);
      writer.writeMessageEnd();
    });
    expect(bytes.toString('hex')).toBe(ours.toString('hex'));
    expect(read).toMatchObject({ urgent: true, seed: 7n });
  });

  it('a generated processor reads the messages of our codec', () => {
    const message = (method: string, args: object): Buffer =>
      writeBytes(protocol, (writer) => {
        writer.writeMessageBegin(method, 4, 0);
        compileService(service, protocol).methods.get(method)!.write(writer, args);
        writer.writeMessageEnd();
      });
    expect(readCall(flavour, protocol, 'flags', message('flags', { a: true, b: false, c: true }))).toEqual([
      true,
      false,
      true,
    ]);
    expect(readCall(flavour, protocol, 'ping', message('ping', {}))).toEqual([]);
    const [torture, urgent] = readCall(flavour, protocol, 'run', message('run', { torture: TORTURE, urgent: true }));
    expect(urgent).toBe(true);
    expect(codecOf(protocol, 'Torture').hex(torture)).toBe(codecOf(protocol, 'Torture').hex(TORTURE));
  });
});

describe('generated fixtures', () => {
  let sources: readonly string[] = [];
  beforeAll(() => {
    sources = FLAVOURS.map((flavour) =>
      readFileSync(new URL(`generated/${flavour}/torture_types.js`, import.meta.url), 'utf8'),
    );
  });

  it('the fixtures come from compiler 0.24.0 and contain every struct of the IDL', () => {
    for (const source of sources) {
      expect(source).toContain('Thrift Compiler (0.24.0)');
      for (const { name, kind } of schema.structs.values()) {
        if (kind !== 'args') expect(source).toContain(`module.exports.${name} =`);
      }
    }
  });
});
