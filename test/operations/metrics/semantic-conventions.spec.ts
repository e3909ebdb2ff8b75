import { describe, expect, it } from '@jest/globals';
import { messagingSystem } from '#lib/operations/metrics/semantic-conventions.js';

describe('messagingSystem', () => {
  it.each([
    ['sqs', 'aws_sqs', 'aws.sqs'],
    ['sns', 'aws.sns', 'aws.sns'],
    ['socket', 'thrift_socket', 'thrift.socket'],
    ['custom', 'thrift_custom', 'thrift.custom'],
    ['starling', 'starling', 'starling'],
  ])('names the carrier %s in both spellings', (carrier, system, name) => {
    expect(messagingSystem(carrier)).toEqual({ 'messaging.system': system, 'messaging.system.name': name });
  });
});
