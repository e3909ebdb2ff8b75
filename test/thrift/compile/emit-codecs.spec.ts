import vm from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { loadSchemaFromText } from '../../../lib/idl/load-schema.js';
import type { FieldSchema, Schema, StructSchema } from '../../../lib/idl/schema.js';
import { binarySnippets } from '../../../lib/thrift/compile/binary-snippets.js';
import { codecRuntime } from '../../../lib/thrift/compile/codec-runtime.js';
import { emitCodecs } from '../../../lib/thrift/compile/emit-codecs.js';
import { evaluateCodecs } from '../../../lib/thrift/compile/evaluate-codecs.js';
import { structIn } from '../harness.js';

const OPTIONS = { i64: 'bigint' } as const;

function handMade(struct: Partial<StructSchema>, fields: readonly Partial<FieldSchema>[]): Schema {
  const whole = fields.map((field) => ({
    id: 1,
    name: 'f',
    type: { kind: 'i32' } as const,
    requiredness: 'default' as const,
    annotations: {},
    ...field,
  }));
  const s: StructSchema = { id: 'x.S', name: 'S', kind: 'struct', fields: whole, annotations: {}, ...struct };
  return {
    program: 'x',
    files: [],
    namespaces: new Map(),
    structs: new Map([[s.id, s]]),
    enums: new Map(),
    constants: new Map(),
    services: new Map(),
  };
}

describe('emitCodecs', () => {
  const schema = loadSchemaFromText(`
    struct Node { 1: list<Node> next, 2: map<string,list<Node>> named, 3: set<i32> tags, 4: set<i32> more }
    struct Other { 1: Node node }
  `);

  it('emits the same source text for the same schema', () => {
    const emit = (): unknown => emitCodecs(schema, schema.structs.values(), binarySnippets, OPTIONS);
    expect(emit()).toEqual(emit());
  });

  it('emits one pair of functions per type, however often the type occurs', () => {
    const { declarations, structs } = emitCodecs(schema, schema.structs.values(), binarySnippets, OPTIONS);
    const names = [...declarations.matchAll(/^function (\w+)\(/gm)].map(([, name]) => name);
    expect(new Set(names).size).toBe(names.length);
    // Node, Other, list<Node>, map<string,list<Node>>, set<i32>
    expect(names).toHaveLength(10);
    expect([...structs.keys()]).toEqual(['inline.Node', 'inline.Other']);
  });

  it('emits only the types that the given structs reach', () => {
    const { declarations } = emitCodecs(schema, [schema.structs.get('inline.Node')!], binarySnippets, OPTIONS);
    expect(declarations).not.toContain('Other');
  });

  it('emits source that also runs as a script with the runtime in scope', () => {
    const { declarations, structs } = emitCodecs(schema, schema.structs.values(), binarySnippets, OPTIONS);
    const { write, read } = structs.get('inline.Node')!;
    const module = new vm.Script(`"use strict";\n${declarations}\n({ write: ${write}, read: ${read} });`);
    expect(Object.keys(module.runInNewContext({ ...codecRuntime }) as object)).toEqual(['write', 'read']);
  });

  it.each(['a b', 'a"b', 'a\nb', '', '1a', "x'];process.exit()//", 'ä', 'a-b', 'a\u2028b'])(
    'refuses the field name %j, which the IDL grammar does not have',
    (name) => {
      expect(() => structIn(handMade({}, [{ name }]), 'x.S')).toThrow(TypeError);
    },
  );

  it('compiles a struct whose name contains JavaScript code', () => {
    const name = '*/};process.exit();//"\u2028';
    const codec = structIn(handMade({ id: name, name }, [{}]), name);
    expect(codec.hex({ f: 1 })).toBe('0800010000000100');
    expect(() => codec.encode(5)).toThrow('(an object), got an integer');
  });

  it.each([1.5, 40000, -40000, NaN, '1' as unknown as number])('refuses the field id %s', (id) => {
    expect(() => structIn(handMade({}, [{ id }]), 'x.S')).toThrow(TypeError);
  });

  it('refuses a reference to a struct or enum that does not exist', () => {
    expect(() => structIn(handMade({}, [{ type: { kind: 'struct', id: 'x.T' } }]), 'x.S')).toThrow('"x.T"');
    expect(() => structIn(handMade({}, [{ type: { kind: 'enum', id: 'x.E' } }]), 'x.S')).toThrow('"x.E"');
  });

  it('refuses a default of another type and a default that recurses without end', () => {
    const bad = { defaultValue: '1; process.exit()' };
    expect(() => structIn(handMade({}, [bad]), 'x.S')).toThrow(TypeError);
    const endless = { type: { kind: 'struct', id: 'x.S' } as const, defaultValue: {} };
    expect(() => structIn(handMade({}, [endless]), 'x.S')).toThrow('defaults nested deeper than 64 levels');
  });
});

describe('evaluateCodecs', () => {
  const schema = loadSchemaFromText('struct S { 1: i32 x }');
  const emitted = emitCodecs(schema, schema.structs.values(), binarySnippets, OPTIONS);

  it('explains that a policy disables string evaluation', () => {
    const context = vm.createContext({}, { codeGeneration: { strings: false, wasm: false } });
    const forbidden = vm.runInContext('Function', context) as FunctionConstructor;
    const evaluate = (body: string): never => new forbidden('runtime', body) as never;
    expect(() => evaluateCodecs(emitted, evaluate)).toThrow(
      /^evaluation of strings is disabled \(CSP or --disallow-code-generation-from-strings\)/,
    );
  });

  it('rethrows any other evaluation error', () => {
    const evaluate = (): never => {
      throw new SyntaxError('other');
    };
    expect(() => evaluateCodecs(emitted, evaluate)).toThrow('other');
  });
});
