import { describe, expect, it } from '@jest/globals';
import thrift from 'thrift';
import { written } from './harness.js';

describe('bytes of the Apache Node library', () => {
  type Calls = (protocol: thrift.TProtocol) => void;
  const { Type } = thrift.Thrift;

  function apache(calls: Calls): string {
    let bytes: Buffer | undefined;
    const transport = new thrift.TBufferedTransport(undefined, (flushed) => (bytes = flushed));
    calls(new thrift.TBinaryProtocol(transport));
    transport.flush();
    return bytes!.toString('hex');
  }

  // Values of which the Apache library is known to write the right bytes.
  const rows: readonly [name: string, calls: Calls][] = [
    ['a message header', (p) => p.writeMessageBegin('startBackup', 4, 0)],
    ['a field', (p) => p.writeFieldBegin('x', Type.I32, -2)],
    ['a stop', (p) => p.writeFieldStop()],
    ['bool', (p) => p.writeBool(true)],
    ['byte', (p) => p.writeByte(-3)],
    ['i16', (p) => p.writeI16(-300)],
    ['i32', (p) => p.writeI32(-70000)],
    ['i64', (p) => p.writeI64(1234567890123)],
    ['double', (p) => p.writeDouble(0.1)],
    ['string', (p) => p.writeString('grüße, 世界')],
    ['binary', (p) => p.writeBinary(Buffer.from([0, 255]))],
    ['a map', (p) => p.writeMapBegin(Type.STRING, Type.I64, 3)],
    ['a list', (p) => p.writeListBegin(Type.STRUCT, 2)],
    ['a set', (p) => p.writeSetBegin(Type.BOOL, 1)],
  ];
  it.each(rows)('writes the bytes of the Apache Node library for %s', (_name, calls) => {
    expect(written((writer) => calls(writer as unknown as thrift.TProtocol))).toBe(apache(calls));
  });
});
