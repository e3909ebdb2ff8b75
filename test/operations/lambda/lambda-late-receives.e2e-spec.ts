import { afterEach, describe, expect, it } from '@jest/globals';
import type { LambdaHandler, LambdaRecord } from 'nestjs-sqs-thrift/lambda';
import { fields, fixture, signed, TOPIC } from '../../carriers/sqs/sns/envelopes.js';
import { bodyOf, Desk } from './backup-function.js';
import { contextOf, eventOf, recordOf } from './event-records.js';
import { closeFunctions, failures, functionOf, gate } from './functions.js';

afterEach(closeFunctions);

const HOST = 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-';

/** Messages of one receive. */
const FULL = 10;

/** A record of a call in an envelope whose certificate is at a URL. */
function enveloped(user: string, certificate: string): LambdaRecord {
  const content = fields({ Message: bodyOf(user), SigningCertURL: `${HOST}${certificate}.pem` });
  return recordOf(JSON.stringify(signed(content)));
}

/** A function of which the first receive is fast and the second waits for its certificate. */
function waiting(): { desk: Desk; handler: LambdaHandler; records: LambdaRecord[]; certify: () => void } {
  const certificate = gate();
  const fetch = async (url: string): Promise<string> => {
    if (url.endsWith('-bb.pem')) await certificate.opened;
    return fixture('signing.pem');
  };
  const desk = new Desk();
  const envelope = { type: 'sns', topics: [TOPIC], fetch } as const;
  const handler = functionOf(desk, { concurrency: 2 * FULL, envelope }, { answerBeforeMs: 400 });
  const early = Array.from({ length: FULL }, () => enveloped('early', 'aa'));
  return { desk, handler, records: [...early, enveloped('late', 'bb')], certify: certificate.open };
}

const LATE_RUNS = (desk: Desk): readonly string[] => desk.lines.filter((line) => line === 'late');

describe('messages whose envelopes are opened too late', () => {
  it('do not start after handlers were aborted, and come back', async () => {
    const { desk, handler, records, certify } = waiting();
    desk.handler = (_userId, { signal }) =>
      new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => {
          certify();
          reject(signal.reason as Error);
        }),
      );
    await handler.ready();
    const answer = await handler(eventOf(...records), contextOf(800));
    expect(answer).toEqual(failures(...records));
    expect([desk.lines.length, LATE_RUNS(desk)]).toEqual([FULL, []]);
  });

  it('do not start after the answer, in the next invocation', async () => {
    const { desk, handler, records, certify } = waiting();
    await handler.ready();
    expect(await handler(eventOf(...records), contextOf(800))).toEqual(failures(records.at(-1)!));
    certify();
    expect(await handler(eventOf(enveloped('next', 'aa')), contextOf(5_000))).toEqual(failures());
    expect(LATE_RUNS(desk)).toEqual([]);
  });

  it('of another invocation are not touched by the end of one', async () => {
    const { desk, handler, records, certify } = waiting();
    await handler.ready();
    const other = handler(eventOf(...records), contextOf(20_000));
    expect(await handler(eventOf(enveloped('hung', 'bb')), contextOf(200))).toMatchObject({
      batchItemFailures: [expect.anything()],
    });
    certify();
    expect(await other).toEqual(failures());
    expect(LATE_RUNS(desk)).toEqual(['late']);
  });
});
