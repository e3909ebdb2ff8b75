import { describe, expect, it } from '@jest/globals';
import { brand } from '../../lib/common/brand.js';
import * as codec from '../../lib/codec.js';
import * as idl from '../../lib/idl.js';
import * as main from '../../lib/index.js';
import * as port from '../../lib/port.js';
import * as testing from '../../lib/testing.js';

/** Declares the same classes again, as a second copy of the package does. */
function copy() {
  class Failure extends Error {
    static {
      brand(this, 'Failure');
    }
  }
  class SpecialFailure extends Failure {
    static {
      brand(this, 'SpecialFailure');
    }
  }
  class OwnFailure extends Failure {}
  return { Failure, SpecialFailure, OwnFailure };
}

const first = copy();
const second = copy();

describe('a brand', () => {
  it('makes instanceof recognize instances of another copy', () => {
    expect(new first.Failure()).toBeInstanceOf(second.Failure);
    expect(new second.SpecialFailure()).toBeInstanceOf(first.SpecialFailure);
  });

  it('makes instanceof recognize instances of a subclass of another copy', () => {
    expect(new second.SpecialFailure()).toBeInstanceOf(first.Failure);
    expect(new second.OwnFailure()).toBeInstanceOf(first.Failure);
  });

  it('keeps a class apart from its subclasses', () => {
    expect(new first.Failure()).not.toBeInstanceOf(first.SpecialFailure);
    expect(new second.Failure()).not.toBeInstanceOf(first.SpecialFailure);
  });

  it('leaves the ordinary instanceof to a subclass without a brand', () => {
    expect(new first.OwnFailure()).toBeInstanceOf(first.OwnFailure);
    expect(new first.Failure()).not.toBeInstanceOf(first.OwnFailure);
    expect(new second.OwnFailure()).not.toBeInstanceOf(first.OwnFailure);
  });

  it.each([new Error('x'), {}, Object.create(null), null, undefined, 'text', 1, () => undefined])(
    'is missing from %p',
    (value: unknown) => {
      expect(value instanceof first.Failure).toBe(false);
    },
  );

  it('does not show in the keys of an instance', () => {
    expect(Reflect.ownKeys(new first.Failure('x')).sort()).toEqual(Reflect.ownKeys(new Error('x')).sort());
  });
});

/** Classes besides the errors that an application may get from another copy of the package. */
const OTHERS = [
  'BaseThriftServer',
  'BaseThriftClient',
  'ThriftContext',
  'SqsThriftContext',
  'ThriftRecord',
  'ThriftRecordBuilder',
];

describe('the public errors and base classes', () => {
  const exported = Object.entries({ ...main, ...codec, ...idl, ...port, ...testing }) as [string, unknown][];
  const classes = exported.filter((entry): entry is [string, new () => object] => {
    const [name, value] = entry;
    const ofError = typeof value === 'function' && (value.prototype as unknown) instanceof Error;
    return ofError || OTHERS.includes(name);
  });

  it('are found', () => {
    expect(classes.length).toBeGreaterThan(7);
  });

  it.each(classes)('%s has a brand of its own name', (name, { prototype }) => {
    const marks = Object.getOwnPropertySymbols(prototype).map(String);
    expect(marks).toContain(`Symbol(nestjs-sqs-thrift:${name})`);
  });
});
