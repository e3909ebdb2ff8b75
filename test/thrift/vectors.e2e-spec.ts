import { describe, expect, it } from '@jest/globals';
import { createReader, writeBytes } from '../../lib/thrift/messages.js';
import type { MessageHeader, ProtocolName } from '../../lib/thrift/protocol.js';
import { compileService } from '../../lib/thrift/service-codec.js';
import { jsonTokens } from '../vectors/json-tokens.js';
import { loadCases, loadVectors, loadVectorsService, RUNTIMES, untaggedFields } from '../vectors/load-vectors.js';
import { PROTOCOLS } from '../vectors/protocols.js';

/** The header each runtime puts before a oneway call. Go says CALL to this day; Java and Go count their calls. */
const HEADERS = { python: { type: 4, seqid: 0 }, java: { type: 4, seqid: 1 }, go: { type: 1, seqid: 1 } };

/**
 * Lists the values that Python's TJSONProtocol writes as invalid JSON and cannot read back itself:
 * NaN and infinities as bare words.
 */
const NOT_JSON = new Set([
  'python json double: NaN',
  'python json double: infinity',
  'python json double: minus infinity',
  'python json list<double>',
]);

const service = loadVectorsService();
const cases = loadCases();

interface Decoded {
  readonly header: MessageHeader;
  readonly args: Record<string, unknown>;
}

function decode(protocol: ProtocolName, bytes: Buffer, method: string, oldBinary = false): Decoded {
  const reader = createReader(protocol, bytes, { oldBinary });
  const { name, type, seqid } = reader.readMessageBegin();
  const args = compileService(service, protocol).methods.get(method)!.read(reader);
  reader.readMessageEnd();
  expect(reader.remaining).toBe(0);
  return { header: { name, type, seqid }, args };
}

function encode(protocol: ProtocolName, { name, type, seqid }: MessageHeader, method: string, args: unknown): Buffer {
  return writeBytes(protocol, (writer) => {
    writer.writeMessageBegin(name, type, seqid);
    compileService(service, protocol).methods.get(method)!.write(writer, args);
    writer.writeMessageEnd();
  });
}

function expectSame(protocol: ProtocolName, ours: Buffer, theirs: Buffer): void {
  if (protocol !== 'json') return expect(ours.toString('hex')).toBe(theirs.toString('hex'));
  expect(jsonTokens(ours.toString())).toEqual(jsonTokens(theirs.toString()));
}

it('every runtime provides a vector for every function', () => {
  expect(new Set(cases.map(({ method }) => method))).toEqual(new Set(service.functions.keys()));
  for (const runtime of RUNTIMES) {
    expect(Object.keys(loadVectors(runtime).calls).sort()).toEqual(cases.map(({ name }) => name).sort());
  }
});

describe.each(RUNTIMES)('vectors written by %s', (runtime) => {
  const vectors = loadVectors(runtime);
  const header = HEADERS[runtime];

  it('the vectors come from Apache Thrift 0.24.0', () => {
    expect(vectors.runtime.toLowerCase()).toBe(`apache thrift 0.24.0, ${runtime}`);
  });

  describe.each(PROTOCOLS)('vectors in %s', (protocol) => {
    const readable = cases.filter(({ name }) => !NOT_JSON.has(`${runtime} ${protocol} ${name}`));

    it.each(readable.map((one) => [one.name, one] as const))(
      'decodes and encodes the vector %s',
      (_name, { name, method, args }) => {
        const theirs = Buffer.from(vectors.calls[name]![protocol], 'hex');
        const expected = untaggedFields(args);
        expect(decode(protocol, theirs, method)).toEqual({ header: { name: method, ...header }, args: expected });
        expectSame(protocol, encode(protocol, { name: method, ...header }, method, expected), theirs);
      },
    );

    it('refuses vectors that are not JSON', () => {
      const refused = cases.filter((one) => !readable.includes(one));
      for (const { name, method } of refused) {
        const bytes = Buffer.from(vectors.calls[name]![protocol], 'hex');
        expect(() => decode(protocol, bytes, method)).toThrow(expect.objectContaining({ code: 'ERR_THRIFT_READ' }));
      }
      expect(refused).toHaveLength(runtime === 'python' && protocol === 'json' ? NOT_JSON.size : 0);
    });

    it('decodes and encodes a call with a TMultiplexedProtocol service prefix', () => {
      const { method, args } = cases[0]!;
      const theirs = Buffer.from(vectors.multiplexed[protocol], 'hex');
      const multiplexed = { name: `Vectors:${method}`, ...header };
      expect(decode(protocol, theirs, method).header).toEqual(multiplexed);
      expectSame(protocol, encode(protocol, multiplexed, method, args), theirs);
    });
  });

  it('decodes a binary header without a version only with oldBinary', () => {
    const { method } = cases[0]!;
    const bytes = Buffer.from(vectors.oldBinary, 'hex');
    expect(decode('binary', bytes, method, true).header).toEqual({ name: method, ...header });
    expect(() => decode('binary', bytes, method)).toThrow(expect.objectContaining({ reason: 'bad-header' }));
  });
});
