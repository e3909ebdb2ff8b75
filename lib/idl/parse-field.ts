import type { FieldNode } from './ast.js';
import { parseAnnotations, parseFieldName, parseValue } from './parse-value.js';
import { parseType } from './parse-type.js';
import type { Requiredness } from './schema.js';
import type { TokenStream } from './token-stream.js';

const FIELD_ID_MIN = -32768;
const FIELD_ID_MAX = 32767;

/**
 * Parses the fields of a struct, a parameter list or a `throws` clause, including the closing
 * symbol.
 *
 * @throws IdlError `duplicate-field-id`, `duplicate-name`, `bad-field-id`
 */
export function parseFields(tokens: TokenStream, close: '}' | ')'): FieldNode[] {
  tokens.nextImplicitFieldId = -1;
  const byId = new Map<number, FieldNode>();
  const names = new Set<string>();
  while (!tokens.accept(close)) {
    const at = tokens.peek().at;
    const field = parseField(tokens, close);
    const same = byId.get(field.id);
    if (same !== undefined) {
      throw tokens.error(at, 'duplicate-field-id', `the field id ${field.id} is already that of "${same.name.text}"`);
    }
    if (names.has(field.name.text)) {
      throw tokens.error(field.name.at, 'duplicate-name', `there is already a field named "${field.name.text}"`);
    }
    byId.set(field.id, field);
    names.add(field.name.text);
  }
  return [...byId.values()];
}

function parseField(tokens: TokenStream, close: string): FieldNode {
  const { doc } = tokens.peek();
  const id = parseFieldId(tokens);
  const requiredness = parseRequiredness(tokens);
  const type = parseType(tokens, `a field type or "${close}"`);
  const reference = tokens.accept('&');
  const name = parseFieldName(tokens);
  const value = tokens.accept('=') ? parseValue(tokens) : undefined;
  skipXsd(tokens);
  const annotations = parseAnnotations(tokens);
  tokens.acceptSeparator();
  return {
    id,
    name,
    type,
    requiredness,
    reference,
    ...(value === undefined ? {} : { value }),
    annotations,
    ...(doc === undefined ? {} : { doc }),
  };
}

/**
 * Parses `7:`, or assigns the next implicit id. Apache's compiler replaces ids of 0 and below by
 * implicit ids, with a warning. With `--allow-neg-keys` Apache's compiler keeps these ids and
 * counts down from them.
 */
function parseFieldId(tokens: TokenStream): number {
  const token = tokens.peek();
  if (token.kind !== 'integer') return checkedId(tokens, token.at, tokens.nextImplicitFieldId--);
  tokens.next();
  tokens.expect(':', 'after the field id');
  const explicit = Number(token.value);
  if (explicit > 0) return checkedId(tokens, token.at, explicit);
  if (!tokens.allowNegativeFieldIds) return checkedId(tokens, token.at, tokens.nextImplicitFieldId--);
  tokens.nextImplicitFieldId = explicit - 1;
  return checkedId(tokens, token.at, explicit);
}

/**
 * Rejects ids beyond 16 bits, because no protocol can carry them. Apache's compiler only warns
 * about these ids.
 */
function checkedId(tokens: TokenStream, at: number, id: number): number {
  if (id >= FIELD_ID_MIN && id <= FIELD_ID_MAX) return id;
  throw tokens.error(at, 'bad-field-id', `the field id ${id} is out of range: ${FIELD_ID_MIN} to ${FIELD_ID_MAX}`);
}

function parseRequiredness(tokens: TokenStream): Requiredness {
  if (tokens.accept('required')) return 'required';
  return tokens.accept('optional') ? 'optional' : 'default';
}

/** Discards the attributes of Apache's former XML Schema generator. */
function skipXsd(tokens: TokenStream): void {
  tokens.accept('xsd_optional');
  tokens.accept('xsd_nillable');
  if (tokens.accept('xsd_attrs')) {
    tokens.expect('{', 'after "xsd_attrs"');
    tokens.nested('xsd_attrs', () => parseFields(tokens, '}'));
  }
}
