/**
 * Finds out what is wrong with text that is no padded standard base64, and repairs what common encoders do:
 * line breaks, blanks at the ends, absent padding, the alphabet of URLs, a byte order mark.
 */
export type Base64Finding =
  /** Padded standard base64 of the same bytes. */
  | { readonly repaired: string }
  /** Names what is wrong. Quotes at most one character of the text. */
  | { readonly fault: string };

const OUTSIDE = /[^A-Za-z0-9+/=_-]/;

/** Diagnoses a text that is not padded standard base64. */
export function diagnoseBase64(body: string): Base64Finding {
  // Trimming also removes a byte order mark.
  const lines = body.split('\n').map((line) => line.trim());
  const text = lines.join('');
  if (text === '') return { fault: 'the body holds white space only' };
  const outside = OUTSIDE.exec(text);
  if (outside !== null) return { fault: strangeCharacter(text, outside.index) };
  const symbols = withoutPadding(text);
  if (symbols.includes('=')) {
    return { fault: `the padding at ${text.indexOf('=') + 1} is not at the end: two texts may be joined` };
  }
  if (/[-_]/.test(symbols) && /[+/]/.test(symbols)) {
    return { fault: 'it mixes "-" or "_" of the alphabet of URLs with "+" or "/" of standard base64' };
  }
  const standard = symbols.replaceAll('-', '+').replaceAll('_', '/');
  return padded(standard, text.length - symbols.length);
}

function withoutPadding(text: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === '=') end -= 1;
  return text.slice(0, end);
}

/** Completes the padding, if there is none, and checks the bits behind the last byte. */
function padded(symbols: string, padding: number): Base64Finding {
  const wanted = (4 - (symbols.length % 4)) % 4;
  if (wanted === 3) return { fault: `it is cut off: ${symbols.length} characters are no whole number of bytes` };
  if (padding !== 0 && padding !== wanted) return { fault: `it ends in ${padding} "=" where ${wanted} belong` };
  const repaired = symbols + '='.repeat(wanted);
  const isExact = Buffer.from(repaired, 'base64').toString('base64') === repaired;
  return isExact ? { repaired } : { fault: 'the last base64 character has bits beyond the last byte' };
}

function strangeCharacter(text: string, at: number): string {
  if (text.startsWith('"')) return 'it begins with a quotation mark: the text was encoded as JSON once more';
  const code = text.codePointAt(at)!;
  if (code === 0x20) return `it has a blank at ${at + 1}: a "+" becomes a blank in a form or a URL`;
  if (code === 0x25) return `it has a "%" at ${at + 1}: the text was encoded for a URL`;
  const hex = code.toString(16).toUpperCase().padStart(4, '0');
  return `U+${hex} at ${at + 1} is not in the base64 alphabet`;
}
