interface TokenBase {
  /** The text as written. */
  readonly text: string;
  /** The offset of the first character. */
  readonly at: number;
  /** The cleaned doc comment directly before the token. */
  readonly doc?: string;
}

/**
 * Represents a token of the IDL. `true` and `false` are the integers 1 and 0, as in Apache's
 * scanner.
 */
export type Token =
  | (TokenBase & { readonly kind: 'identifier' })
  | (TokenBase & { readonly kind: 'keyword' })
  | (TokenBase & { readonly kind: 'symbol' })
  | (TokenBase & { readonly kind: 'end' })
  | (TokenBase & { readonly kind: 'integer'; readonly value: bigint })
  | (TokenBase & { readonly kind: 'double'; readonly value: number })
  | (TokenBase & { readonly kind: 'string'; readonly value: string });

export type TokenKind = Token['kind'];

/**
 * Lists the keywords that may also name a field or parameter (rule FieldName of Apache Thrift 0.24,
 * compiler/cpp/src/thrift/thrifty.yy).
 */
export const FIELD_NAME_KEYWORDS: ReadonlySet<string> = new Set(
  (
    'namespace cpp_include include void bool byte i8 i16 i32 i64 double string binary uuid map list set oneway async ' +
    'typedef struct union exception extends throws service enum const required optional'
  ).split(' '),
);

/** Lists all keywords of Apache Thrift 0.24 (compiler/cpp/src/thrift/thriftl.ll). */
export const KEYWORDS: ReadonlySet<string> = new Set([
  ...FIELD_NAME_KEYWORDS,
  'cpp_type',
  'xsd_all',
  'xsd_optional',
  'xsd_nillable',
  'xsd_attrs',
]);

/** Describes a token for an error message. */
export function describeToken(token: Token): string {
  if (token.kind === 'end') return 'the end of the file';
  if (token.kind === 'string') return 'a string';
  return `"${token.text}"`;
}
