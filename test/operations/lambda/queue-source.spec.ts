import { describe, expect, it } from '@jest/globals';
import { createLambdaHandler } from 'nestjs-sqs-thrift/lambda';
import { QueueSource } from '#lib/operations/lambda/queue-source.js';
import { BackupQueue, Desk, moduleOf } from './backup-function.js';

const ARN = 'arn:aws:sqs:eu-west-1:111122223333:backup';
const OTHER_ACCOUNT = 'arn:aws:sqs:eu-west-1:444455556666:backup';
const OTHER_REGION = 'arn:aws:sqs:us-east-1:111122223333:backup';
const URL_OF_AWS = 'https://sqs.eu-west-1.amazonaws.com/111122223333/backup';
const URL_OF_EMULATOR = 'http://localhost:4566/000000000000/backup';

describe('the source of a function', () => {
  it.each([
    ['a name', 'backup', [ARN, OTHER_ACCOUNT, OTHER_REGION]],
    ['an ARN', ARN, [ARN]],
    ['a URL of AWS', URL_OF_AWS, [ARN]],
    ['a URL of an emulator', URL_OF_EMULATOR, [ARN, OTHER_ACCOUNT, OTHER_REGION]],
  ])('compares all parts of %s', (_title, given, matching) => {
    const all = [ARN, OTHER_ACCOUNT, OTHER_REGION, 'arn:aws:sqs:eu-west-1:111122223333:my:backup', 'backup', `${ARN}s`];
    expect(all.filter((arn) => new QueueSource(given).matches(arn))).toEqual(matching);
  });

  it('stays with the first queue of its name', () => {
    const source = new QueueSource('backup');
    source.pin(ARN);
    source.pin(OTHER_ACCOUNT);
    expect([ARN, OTHER_ACCOUNT, OTHER_REGION].filter((arn) => source.matches(arn))).toEqual([ARN]);
    expect(source.arn).toBe(ARN);
  });

  it.each([
    ['backup', ARN],
    [URL_OF_AWS, ARN],
    ['backup', URL_OF_EMULATOR],
  ])('is refused beside another that may be the same queue: %s and %s', (one, other) => {
    const queues = [one, other].map((queue) => ({ queue, service: BackupQueue }));
    expect(() => createLambdaHandler(moduleOf(new Desk()), queues)).toThrow('which may be the same queue');
  });

  it('may stand beside a queue of the same name in another account or region', () => {
    const [source, ...others] = [ARN, OTHER_ACCOUNT, OTHER_REGION].map((arn) => new QueueSource(arn));
    expect(others.map((other) => source!.overlaps(other))).toEqual([false, false]);
  });
});
