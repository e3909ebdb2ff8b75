/**
 * The text of a doc comment without its frame: the leading stars when every line has one, the common indentation, blank edges.
 *
 * @param body what stands between the opening and the closing of the comment
 * @returns undefined for a comment that says nothing
 */
export function cleanDocComment(body: string): string | undefined {
  const [first = '', ...rest] = body.replaceAll('\r', '').split('\n');
  const starred = rest.every(
    (line, index) => /^[ \t]*\*/.test(line) || (index === rest.length - 1 && line.trim() === ''),
  );
  const lines = starred ? rest.map((line) => line.replace(/^[ \t]*\*/, '')) : rest;
  const indents = lines.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length);
  const indent = indents.length === 0 ? 0 : Math.min(...indents);
  const text = [first.trim(), ...lines.map((line) => line.slice(indent).trimEnd())];
  while (text[0] === '') text.shift();
  while (text.at(-1) === '') text.pop();
  return text.length === 0 ? undefined : text.join('\n');
}
