import { describe, expect, it } from '@jest/globals';
import { readBody } from '../../../../lib/tools/cli/message/read-body.js';
import { readNames } from '../../../../lib/tools/cli/message/read-names.js';
import { readDeadLetterFacts } from '../../../../lib/tools/cli/redrive/dead-letter.js';
import { HandMove } from '../../../../lib/tools/cli/redrive/move-by-hand.js';
import { createEventCodec } from '../../../../lib/event/event-codec.js';
import { loadService } from '../../../../lib/idl/load-schema.js';
import type { ReceivedMessage, WireBody } from '../../../../lib/queue/wire-message.js';
import { MemoryQueue } from '../../../../lib/carriers/memory/memory-queue.js';
import { writeBytes } from '../../../../lib/thrift/messages.js';
import { TMessageType, type ProtocolName } from '../../../../lib/thrift/protocol.js';

const service = loadService('idl/backup.thrift', 'BackupReports');
const codec = createEventCodec([service]);
const call = { method: 'progress', args: { progress: { id: 'b1', state: 'DONE' } } };
const text = codec.encodeBody(call, 'text') as string;
const bytes = Buffer.from(text, 'base64');

/** A call of this name without arguments. */
const named = (name: string): string =>
  writeBytes('binary', (writer) => {
    writer.writeMessageBegin(name, TMessageType.ONEWAY, 0);
    writer.writeStructBegin('');
    writer.writeFieldStop();
    writer.writeStructEnd();
    writer.writeMessageEnd();
  }).toString('base64');

const deadLetter = (
  body: WireBody,
  attributes: Readonly<Record<string, string>> = {},
): ReturnType<typeof readDeadLetterFacts> => readDeadLetterFacts({ body, attributes } as ReceivedMessage, undefined);

describe('reading the method names of a message', () => {
  const protocols: readonly ProtocolName[] = ['binary', 'compact', 'json'];
  const whole = protocols.map((protocol) => createEventCodec([service], { protocol }).encode(call));
  const broken = whole.flatMap((body) =>
    Array.from(body, (byte, at) => {
      const copy = Buffer.from(body);
      copy[at] = byte ^ 0x0b;
      return [copy, body.subarray(0, at)];
    }).flat(),
  );
  const bodies: readonly WireBody[] = [...whole, Buffer.concat([bytes, bytes]), ...broken, 'no base64', ''];

  it.each([
    ['without an IDL', undefined],
    ['with an IDL', codec],
  ])('finds the same method names and the same problem as a full read of the body %s', (_, known) => {
    for (const body of bodies) {
      const { calls, problem } = readBody(body, known);
      const names = readNames(body, known);
      expect(names.problem?.reason).toBe(problem?.reason);
      expect(names.calls.map(({ method }) => method)).toEqual(calls.map(({ method }) => method));
    }
  });

  it('cuts method names and reasons before escaping control characters', () => {
    const note = JSON.stringify({ reason: '\u0001'.repeat(1_000), queue: 'q' });
    const { method, reason } = deadLetter(named('\u0001'.repeat(1_000)), { 'thrift-dead-letter': note });
    expect(reason).toBe(`${'\\u0001'.repeat(128)}…`);
    expect(method).toHaveLength(129);
  });

  it('keeps every method name of a body with 2000 calls and prints only some of the names', () => {
    const body = Array.from({ length: 2_000 }, (_, at) => Buffer.from(named(`m${at}`), 'base64'));
    const { method, names } = deadLetter(Buffer.concat(body).toString('base64'));
    expect(names.has('m1999')).toBe(true);
    expect(method).toMatch(/^m0, m1, .*…$/);
  });
});

describe('moving dead letters by hand', () => {
  it('yields to the event loop after each message', async () => {
    const source = new MemoryQueue();
    await source.send(Array.from({ length: 10 }, () => ({ body: text })));
    let turn = 0;
    let counting = true;
    const count = (): void => {
      turn += 1;
      if (counting) setImmediate(count);
    };
    setImmediate(count);
    const turns: number[] = [];
    const slow: typeof codec = {
      ...codec,
      decode(body) {
        turns.push(turn);
        return codec.decode(body);
      },
    };
    const move = new HandMove({
      source,
      destinations: { find: () => Promise.reject(new Error('nothing is moved')) },
      sources: { find: () => Promise.reject(new Error('nothing is moved')) },
      codec: slow,
      filter: { method: 'other' },
      dryRun: true,
      progress: () => undefined,
    });
    await move.run(new AbortController().signal);
    counting = false;
    expect(move.moveReport.left).toBe(10);
    expect(new Set(turns).size).toBe(10);
    expect(source.depth()).toEqual({ visible: 10, inFlight: 0, delayed: 0 });
  });
});
