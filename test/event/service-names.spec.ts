import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createEventCodec } from '#lib/event/event-codec.js';
import { findService } from '#lib/idl/find-service.js';
import { loadSchemaFromText } from '#lib/idl/load-schema.js';
import type { ThriftService } from '#lib/idl/schema.js';
import { PROTOCOLS } from '../thrift/harness.js';
import { Alpha, Beta, base64, both, codecOf, message, refusal } from './harness.js';

/** Declares the services S0, S1 … with a oneway method for each name. */
function servicesOf(...methods: readonly (readonly string[])[]): ThriftService[] {
  const declared = methods.map((names, at) => {
    return `service S${at} { ${names.map((name) => `oneway void ${name}(1: i32 n)`).join(', ')} }`;
  });
  const schema = loadSchemaFromText(declared.join('\n'));
  return methods.map((_, at) => findService(schema, `S${at}`));
}

const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,6}X$/), { minLength: 2, maxLength: 12 });

describe('the method name in a message', () => {
  it.each([false, true])('does not depend on the other services of a client, with multiplexed %s', (multiplexed) => {
    fc.assert(
      fc.property(names, fc.nat(), fc.constantFrom(...PROTOCOLS), ([own, ...others], cut, protocol) => {
        const at = cut % (others.length + 1);
        const services = servicesOf([own!], others.slice(0, at), others.slice(at));
        const call = { method: own!, service: 'S0', args: { n: 7 } };
        const alone = createEventCodec(services.slice(0, 1), { protocol, multiplexed }).encode(call);
        for (const given of [services, [...services].reverse()])
          expect(createEventCodec(given, { protocol, multiplexed }).encode(call)).toEqual(alone);
      }),
      { numRuns: 50 },
    );
  });

  it('names the service in no message by default', () => {
    expect(codecOf({}, Beta, Alpha).encode({ method: 'ping', args: { n: 7 } })).toEqual(message('ping', 7));
  });
});

describe('a method that two services of a client declare', () => {
  const ambiguous = expect.objectContaining({
    code: 'ambiguous-method',
    message:
      'Alpha and Beta both declare "shared", and messages name no service. Set the option multiplexed: true, so that messages name the service as well',
  });

  it('is refused before a message is written that its reader would refuse', () => {
    const codec = codecOf({}, Alpha, Beta);
    const call = { method: 'shared', service: 'Beta', args: { n: 7 } };
    expect(() => codec.encode(call)).toThrow(ambiguous);
    expect(() => codec.encodeBody(call, 'text')).toThrow(ambiguous);
    expect(() => codec.checkNames()).toThrow(ambiguous);
    expect(refusal(base64(message('shared', 7)), codec).message).toContain('Set the option multiplexed of its client');
  });

  it('is read by the name of its service whatever the option multiplexed is', () => {
    const bytes = both.encode({ method: 'shared', service: 'Beta', args: { n: 7 } });
    expect(codecOf({}, Alpha, Beta).decode(base64(bytes))).toMatchObject([{ service: 'Beta', method: 'shared' }]);
  });

  it.each([
    ['no method is shared', [['a'], ['b']], 'oneway void x()', true],
    ['a oneway method is shared', [['a'], ['a']], 'oneway void x()', false],
    ['a oneway method has the name of a method with a reply', [['a'], ['b']], 'i32 a()', false],
    ['only methods with a reply are shared', [['a'], ['b']], 'i32 x(), i32 y()', true],
  ])('lets a client start only if its messages are clear: %s', (_, methods, third, accepted) => {
    const more = findService(loadSchemaFromText(`service More { ${third} }`), 'More');
    const other = findService(loadSchemaFromText('service Other { i32 y() }'), 'Other');
    const check = (multiplexed: boolean): void =>
      codecOf({ multiplexed }, ...servicesOf(...methods), more, other).checkNames();
    expect(() => check(true)).not.toThrow();
    if (accepted) expect(() => check(false)).not.toThrow();
    else expect(() => check(false)).toThrow('both declare "a"');
  });
});
