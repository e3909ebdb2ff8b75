import { describe, expect, it } from '@jest/globals';
import { SqsThriftRecordBuilder } from 'nestjs-sqs-thrift';
import { unpack } from '../../../lib/nest/client/packet-metadata.js';

const packet = (metadata: Record<string, string>, data: unknown = {}) => ({ pattern: 'run', data, metadata });
const SQS = { attributes: true };

describe('the metadata of a packet', () => {
  it('adds packet metadata as attributes without overriding the attributes of the call', () => {
    const record = new SqsThriftRecordBuilder({ id: 1 }).setAttributes({ tenant: 'own' }).build();
    expect(unpack(packet({ tenant: 'hook', trace: 'abc' }, record), SQS)).toEqual({
      args: { id: 1 },
      options: { attributes: { tenant: 'own', trace: 'abc' } },
    });
  });

  it.each([
    ['an empty value', { state: '' }],
    ['a reserved name', { 'aws.trace': 'x' }],
    ['a name with two dots', { 'a..b': 'x' }],
    ['a name of other characters', { 'trace id': 'x' }],
    ['a control character', { state: 'a\u0001b' }],
    ['a value that is no text', { state: 7 as unknown as string }],
  ])('leaves out packet metadata that a queue would refuse: %s', (_name, refused) => {
    expect(unpack(packet({ ...refused, trace: 'abc' }), SQS).options).toEqual({ attributes: { trace: 'abc' } });
    expect(unpack(packet(refused), SQS).options).toEqual({});
  });

  it('adds packet metadata up to ten attributes and keeps all attributes of the call', () => {
    const own = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`own${i}`, 'x']));
    const record = new SqsThriftRecordBuilder({}).setAttributes(own).build();
    const { options } = unpack(packet({ first: 'x', second: 'x' }, record), SQS);
    expect(options?.attributes).toEqual({ ...own, first: 'x' });
  });

  it('leaves out packet metadata for a carrier without attributes and keeps the options of the call', () => {
    const record = new SqsThriftRecordBuilder({ id: 1 }).setGroupId('g').build();
    const unpacked = unpack(packet({ trace: 'abc' }, record), { attributes: false });
    expect(unpacked).toEqual({ args: { id: 1 }, options: { groupId: 'g' } });
    expect(unpack(packet({ trace: 'abc' }), { attributes: false })).toEqual({ args: {} });
  });
});
