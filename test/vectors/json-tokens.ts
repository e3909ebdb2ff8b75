const TOKEN = /"(?:[^"\\]|\\.)*"|[[\]{}:,]|[^\s"[\]{}:,]+/gs;

/**
 * A Thrift JSON text as tokens that are equal when the texts say the same: strings unescaped, doubles as numbers, padding of base64 gone.
 *
 * The runtimes agree on everything else, to the byte. Integers keep their digits, for a double does not hold every i64.
 */
export function jsonTokens(text: string): readonly string[] {
  return (text.match(TOKEN) ?? []).map((token) => {
    if (token.startsWith('"')) return JSON.stringify(unquoted(token).replace(/={1,2}$/, ''));
    if (!/^-?[0-9.]+([eE][+-]?[0-9]+)?$/.test(token) || /^-?[1-9][0-9]*$/.test(token)) return plainInteger(token);
    return Object.is(Number(token), -0) ? '-0' : String(Number(token));
  });
}

/** A double that is an integer is written with an exponent by some; so are all integers that a double holds, in one form. */
function plainInteger(token: string): string {
  return /^-?[1-9][0-9]{14,}$/.test(token) && BigInt(Number(token)) === BigInt(token) ? String(Number(token)) : token;
}

/** Python writes control characters as they are. */
function unquoted(token: string): string {
  const escaped = token.replace(/[\u0000-\u001f]/g, (c) => `\\u00${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return JSON.parse(escaped) as string;
}
