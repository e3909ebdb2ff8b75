import { SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { resolveSqsQueueOptions, type SqsQueueOptions } from '#lib/carriers/sqs/sqs-queue-options.js';

const VARIABLE = 'NESTJS_SQS_THRIFT_DATA_PATH';

const { [VARIABLE]: ofThisRun = '' } = process.env;

beforeEach(() => void delete process.env[VARIABLE]);
afterEach(() => void (process.env[VARIABLE] = ofThisRun));

function dataPathOf(options: Omit<SqsQueueOptions, 'queue'>): string {
  return resolveSqsQueueOptions({ queue: 'q', ...options }).dataPath;
}

const requestHandler = { handle: () => Promise.reject(new Error('a proxy agent')) } as never;
const ready = new SQSClient({ region: 'us-east-1' });

describe('the option dataPath', () => {
  it.each<[what: string, options: Omit<SqsQueueOptions, 'queue'>, dataPath: string]>([
    ['no option', {}, 'lean'],
    ['settings that both obey', { client: { region: 'eu-west-1', maxAttempts: 3, retryMode: 'adaptive' } }, 'lean'],
    ['region, endpoint and keys', { region: 'eu-west-1', endpoint: 'http://127.0.0.1:1' }, 'lean'],
    ['a setting that is undefined', { client: { requestHandler: undefined } as never }, 'lean'],
    ['a request handler, such as one with a proxy agent', { client: { requestHandler } }, 'sdk'],
    ['a logger', { client: { logger: console } }, 'sdk'],
    ['extensions', { client: { extensions: [] } }, 'sdk'],
    ['a ready client', { client: ready }, 'sdk'],
    ["dataPath: 'sdk'", { dataPath: 'sdk' }, 'sdk'],
    ["dataPath: 'lean'", { dataPath: 'lean' }, 'lean'],
  ])('is by default what the client allows: %s', (_, options, dataPath) => {
    expect(dataPathOf(options)).toBe(dataPath);
  });

  it('has its default in an environment variable, which no explicit option and no ready client follow', () => {
    process.env[VARIABLE] = 'sdk';
    expect([dataPathOf({}), dataPathOf({ dataPath: 'lean' })]).toEqual(['sdk', 'lean']);
    process.env[VARIABLE] = 'lean';
    expect(dataPathOf({ client: ready })).toBe('sdk');
    process.env[VARIABLE] = '';
    expect(dataPathOf({})).toBe('lean');
  });

  it.each<[options: Omit<SqsQueueOptions, 'queue'>, text: RegExp]>([
    [{ dataPath: 'fast' as never }, /the option "dataPath" must be "lean" or "sdk", got the text "fast"/],
    [{ dataPath: 'lean', client: ready }, /a ready client needs the data path of the SDK\. Leave out dataPath: 'lean'/],
    [
      { dataPath: 'lean', client: { requestHandler } },
      /the setting "requestHandler" of the option "client" needs the data path of the SDK/,
    ],
  ])('is refused if it contradicts the client: %j', (options, text) => {
    expect(() => dataPathOf(options)).toThrow(text);
  });

  it('names the environment variable whose value is unknown', () => {
    process.env[VARIABLE] = 'fast';
    expect(() => dataPathOf({})).toThrow(
      /the environment variable NESTJS_SQS_THRIFT_DATA_PATH must be "lean" or "sdk"/,
    );
  });
});
