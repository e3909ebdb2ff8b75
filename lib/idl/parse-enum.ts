import type { EnumNode, EnumValueNode, NameNode } from './ast.js';
import { parseAnnotations, parseName } from './parse-value.js';
import type { TokenStream } from './token-stream.js';

const INT32_MIN = -(2n ** 31n);
const INT32_MAX = 2n ** 31n - 1n;

/**
 * Parses an enum after its keyword. An omitted value is the previous value plus one, starting at 0.
 *
 * @throws IdlError `bad-enum-value` for a value beyond 32 bits, `duplicate-name` for a name used
 *   twice
 */
export function parseEnum(tokens: TokenStream): EnumNode {
  const name = parseName(tokens, 'the name of the enum');
  tokens.expect('{', 'after the name of the enum');
  const values: EnumValueNode[] = [];
  const names = new Set<string>();
  let last = -1n;
  while (!tokens.accept('}')) {
    const { doc } = tokens.peek();
    const member = parseMemberName(tokens);
    last = parseMemberValue(tokens, member, last + 1n);
    if (names.has(member.text)) {
      throw tokens.error(
        member.at,
        'duplicate-name',
        `the enum "${name.text}" already has a value named "${member.text}"`,
      );
    }
    names.add(member.text);
    const annotations = parseAnnotations(tokens);
    tokens.acceptSeparator();
    values.push({ name: member, value: Number(last), annotations, ...(doc === undefined ? {} : { doc }) });
  }
  return { kind: 'enum', name, values, annotations: parseAnnotations(tokens) };
}

function parseMemberName(tokens: TokenStream): NameNode {
  return parseName(tokens, 'the name of an enum value or "}"');
}

function parseMemberValue(tokens: TokenStream, member: NameNode, implicit: bigint): bigint {
  let value = implicit;
  let { at } = member;
  if (tokens.accept('=')) {
    const token = tokens.expectKind('integer', `the value of "${member.text}", an integer`);
    value = token.value;
    at = token.at;
  }
  if (value < INT32_MIN || value > INT32_MAX) {
    throw tokens.error(at, 'bad-enum-value', `the value ${value} of "${member.text}" does not fit in 32 bits`);
  }
  return value;
}
