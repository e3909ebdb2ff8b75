import { describe, expect, it } from '@jest/globals';
import { createEventCodec } from '#lib/event/event-codec.js';
import { answerToCall } from '#lib/event/refused-call.js';
import type { ProtocolName } from '#lib/thrift/protocol.js';
import { writeBytes } from '#lib/thrift/messages.js';
import { decodeUntyped } from '#lib/thrift/untyped/decode-untyped.js';
import { Jobs, PROTOCOLS } from '../carriers/socket/thrift-bytes.js';

const { contract } = createEventCodec([Jobs]);
const CALL = 1;
const ONEWAY = 4;

function message(name: string, type: number, protocol: ProtocolName = 'binary'): Buffer {
  return writeBytes(protocol, (writer) => {
    writer.writeMessageBegin(name, type, 7);
    writer.writeStructBegin();
    writer.writeFieldStop();
    writer.writeStructEnd();
    writer.writeMessageEnd();
  });
}

describe('answerToCall', () => {
  it.each(PROTOCOLS)('answers a %s call of a method with a result with an exception in its protocol', (protocol) => {
    for (const name of ['ask', 'wait', 'Jobs:ask']) {
      const answer = answerToCall(contract, message(name, CALL, protocol));
      expect(decodeUntyped(answer!)).toMatchObject([{ name, type: 3, seqid: 7 }]);
    }
  });

  it.each([
    ['a oneway call', message('run', ONEWAY)],
    ['a call of a oneway method, as Go sends it', message('run', CALL)],
    ['an unknown method', message('other', CALL)],
    ['an unknown service', message('Others:ask', CALL)],
    ['a oneway call of a method with a result', message('ask', ONEWAY)],
    ['a reply', message('ask', 2)],
    ['bytes that are no message', Buffer.from('AAAA')],
    ['half a header', message('ask', CALL).subarray(0, 9)],
    ['nothing', Buffer.alloc(0)],
  ])('does not answer %s', (_, bytes) => {
    expect(answerToCall(contract, bytes)).toBeUndefined();
  });
});
