import { describe, expect, it } from '@jest/globals';
import { type Answer, AnswerReader, AnswerSyntaxError, MAX_ITEM_BYTES } from '#lib/carriers/starling/answer-reader.js';

function read(...chunks: readonly (string | Buffer)[]): Answer[] {
  const reader = new AnswerReader();
  const answers: Answer[] = [];
  for (const chunk of chunks) reader.push(Buffer.from(chunk as string, 'latin1'), (answer) => answers.push(answer));
  return answers;
}

const item = (body: string): Answer => ({ type: 'item', body: Buffer.from(body, 'latin1') });
const line = (text: string): Answer => ({ type: 'line', text });

/** An item whose body looks like the end of an item. */
const TRICKY = '\r\nEND\r\nVALUE q 0 3\r\n';
const STREAM = `STORED\r\nVALUE q 0 3\r\ntwo\r\nEND\r\nEND\r\nVALUE q 5 ${TRICKY.length}\r\n${TRICKY}\r\nEND\r\nNOT STORED\r\n`;
const ANSWERS = [line('STORED'), item('two'), line('END'), item(TRICKY), line('NOT STORED')];

describe('AnswerReader', () => {
  it('reads the same answers at every place where the network may cut them', () => {
    for (let at = 0; at <= STREAM.length; at += 1) expect(read(STREAM.slice(0, at), STREAM.slice(at))).toEqual(ANSWERS);
  });

  it('reads the same answers from single bytes', () => {
    expect(read(...STREAM)).toEqual(ANSWERS);
  });

  it('reads an item without bytes', () => {
    expect(read('VALUE q 0 0\r\n\r\nEND\r\nEND\r\n')).toEqual([item(''), line('END')]);
  });

  it('reads the counters of a server as their END', () => {
    expect(read('STAT queue_q_items 1\r\nSTAT queue_q_age 0\r\nEND\r\nSTORED\r\n')).toEqual([
      line('END'),
      line('STORED'),
    ]);
  });

  it('keeps no chunk in memory for an item in it', () => {
    const chunk = Buffer.alloc(10_000);
    chunk.write('VALUE q 0 3\r\ntwo\r\nEND\r\n', 'latin1');
    chunk.fill('STORED\r\n', 25);
    const answers: Answer[] = [];
    new AnswerReader().push(chunk, (answer) => answers.push(answer));
    const { body } = answers[0] as Extract<Answer, { type: 'item' }>;
    expect(body.toString()).toBe('two');
    expect(body.buffer).not.toBe(chunk.buffer);
  });

  it.each([
    ['VALUE q 0\r\n', 'a VALUE line without a length'],
    ['VALUE q 0 x\r\n', 'a VALUE line without a length'],
    ['VALUE q 0 2\r\ntwo\r\nEND\r\n', 'an item whose length is wrong'],
    ['VALUE q 0 3\r\ntwo\r\nSTORED\r\n', 'an item without END'],
    ['x'.repeat(9_000), 'a line without an end'],
    [`VALUE q 0 ${MAX_ITEM_BYTES + 1}\r\n`, `an item of ${MAX_ITEM_BYTES + 1} bytes`],
  ])('refuses %j', (bytes, text) => {
    expect(() => read(bytes)).toThrow(AnswerSyntaxError);
    expect(() => read(bytes)).toThrow(text);
  });
});
