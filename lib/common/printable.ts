/**
 * Formats a name or a short text from outside for an error or a log line. Cuts the text to `longest`
 * characters. Escapes quotes, control, direction and invisible characters and line separators.
 */
export function printable(text: string, longest = 128): string {
  const cut = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return JSON.stringify(cut).replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (c) => `\\u${c.codePointAt(0)!.toString(16).padStart(4, '0')}`,
  );
}
