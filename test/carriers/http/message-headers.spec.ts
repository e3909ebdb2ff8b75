import { describe, expect, it } from '@jest/globals';
import { headersOf, messageFrom } from '#lib/carriers/http/message-headers.js';
import type { WireMessage } from '#lib/queue/wire-message.js';

const body = Uint8Array.of(1);

function arrived(message: Omit<WireMessage, 'body'>): unknown {
  const { attributes, ...others } = messageFrom(headersOf({ body, ...message }));
  return { attributes: { ...attributes }, ...others };
}

describe('the headers of a message', () => {
  it.each<[what: string, message: Omit<WireMessage, 'body'>]>([
    ['no attributes', { attributes: {} }],
    ['an event id', { attributes: { 'thrift-event-id': 'order-1' } }],
    [
      'an event id with characters that a string of RFC 8941 escapes',
      { attributes: { 'thrift-event-id': 'a"b\\c#1' } },
    ],
    ['names in upper and lower case', { attributes: { Tenant: 'a', tenant: 'b' } }],
    ['values with every separator', { attributes: { one: 'a=b&c,d; e\r\n%41', two: ' ä 漢 \u{1F980} ' } }],
    ['a name that objects inherit', { attributes: { constructor: 'x', toString: 'y' } }],
    ['tracing', { attributes: { traceparent: '00-4bf9-00f0-01', tracestate: 'a=1,b=2', baggage: 'user=ä' } }],
    ['a group id', { attributes: {}, groupId: 'tenant-1' }],
  ])('carry %s', (_what, message) => {
    expect(arrived(message)).toEqual({ attributes: message.attributes, ...message });
  });

  it('carry the event id as the Idempotency-Key, and W3C tracing under its own names', () => {
    const attributes = { 'thrift-event-id': 'order-1', traceparent: '00-4bf9-00f0-01', tenant: 'acme' };
    expect(headersOf({ body, attributes })).toEqual({
      'idempotency-key': '"order-1"',
      traceparent: '00-4bf9-00f0-01',
      'x-thrift-attributes': 'tenant=acme',
    });
  });

  it('carry a deduplication id as the event id, unless the message has an event id', () => {
    expect(headersOf({ body, deduplicationId: 'edit-1' })).toEqual({ 'idempotency-key': '"edit-1"' });
    const attributes = { 'thrift-event-id': 'order-1' };
    expect(headersOf({ body, attributes, deduplicationId: 'edit-1' })).toEqual({ 'idempotency-key': '"order-1"' });
  });

  it.each<[what: string, message: Omit<WireMessage, 'body'>]>([
    ['eleven attributes', { attributes: Object.fromEntries(Array.from({ length: 11 }, (_, at) => [`a${at}`, 'v'])) }],
    ['a name with a blank', { attributes: { 'a b': 'v' } }],
    ['an empty value', { attributes: { a: '' } }],
    ['a lone surrogate', { attributes: { a: '\ud800' } }],
    ['more than 6 144 bytes', { attributes: { a: 'x'.repeat(6_144) } }],
    ['a group id with a blank', { groupId: 'a b' }],
  ])('cannot carry %s', (_what, message) => {
    expect(() => headersOf({ body, ...message })).toThrow(RangeError);
  });

  it.each<[what: string, attributes: Record<string, string>, left: string[]]>([
    [
      'the baggage',
      { traceparent: '00-4bf9-00f0-01', tracestate: 'a=1', baggage: 'b'.repeat(6_144) },
      ['traceparent', 'tracestate'],
    ],
    ['both', { traceparent: '00-4bf9-00f0-01', tracestate: 'a'.repeat(6_144), baggage: 'b' }, ['traceparent']],
  ])('leave out what is too long of tracing: %s', (_what, attributes, left) => {
    expect(Object.keys(headersOf({ body, attributes }))).toEqual(left);
  });

  it('give attributes without a prototype, since senders choose the names', () => {
    const { attributes } = messageFrom({ 'x-thrift-attributes': '__proto__=x' });
    expect([Object.getPrototypeOf(attributes), Object.keys(attributes)]).toEqual([null, ['__proto__']]);
  });

  it('accept an Idempotency-Key without quotes, as many clients write it', () => {
    expect(messageFrom({ 'idempotency-key': '8e03978e-40d5' }).attributes['thrift-event-id']).toBe('8e03978e-40d5');
  });

  it.each<[headers: Record<string, string>, text: string]>([
    [{ 'idempotency-key': '"a b"' }, 'idempotency-key is not 1 to 256'],
    [{ 'idempotency-key': 'x'.repeat(257) }, 'idempotency-key is not 1 to 256'],
    [{ 'idempotency-key': '"open' }, 'idempotency-key'],
    [{ 'x-thrift-attributes': 'tenant' }, 'x-thrift-attributes is not name=value&name=value'],
    [{ 'x-thrift-attributes': 'a b=c' }, 'x-thrift-attributes is not name=value&name=value'],
    [{ 'x-thrift-attributes': 'a=%zz' }, 'x-thrift-attributes is not name=value&name=value'],
    [{ 'x-thrift-attributes': Array(11).fill('a=b').join('&') }, 'has more than 10 attributes'],
    [{ 'x-thrift-group': 'a b' }, 'x-thrift-group'],
  ])('are refused on arrival, naming the header: %j', (headers, text) => {
    expect(() => messageFrom(headers)).toThrow(text);
  });
});
