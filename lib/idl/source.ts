import { IdlError, type IdlErrorCode } from './errors.js';

/** Holds the text of one IDL file and its names. */
export interface Source {
  /** The identity of the file: an absolute path, or the name of a text held in memory. */
  readonly file: string;
  /** The name of the file for error messages, shortened if possible. */
  readonly label: string;
  readonly text: string;
}

/** Gives a location in a source. Line and column start at 1. */
interface SourcePosition {
  readonly line: number;
  readonly column: number;
}

const CONTEXT_WIDTH = 120;

/** Finds the line and column of an offset. Only `\n` ends a line, as in Apache's scanner. */
function locate(source: Source, at: number): SourcePosition {
  let line = 1;
  let lineStart = 0;
  for (let end = source.text.indexOf('\n'); end !== -1 && end < at; end = source.text.indexOf('\n', lineStart)) {
    line += 1;
    lineStart = end + 1;
  }
  return { line, column: at - lineStart + 1 };
}

/** Creates the error for an offset in a source: position, message, the source line and a caret. */
export function errorAt(source: Source, at: number, code: IdlErrorCode, message: string): IdlError {
  const { line, column } = locate(source, at);
  const lineStart = at - column + 1;
  const lineEnd = source.text.indexOf('\n', lineStart);
  const text = source.text.slice(lineStart, lineEnd === -1 ? undefined : lineEnd).replace(/\r$/, '');
  return new IdlError(code, `${source.label}:${line}:${column}: ${message}\n${excerpt(text, column - 1)}`, {
    file: source.file,
    line,
    column,
  });
}

function excerpt(text: string, at: number): string {
  const from = Math.max(0, at - CONTEXT_WIDTH);
  const shown = text.slice(from, at + CONTEXT_WIDTH);
  // Keep the tabs before the caret, so that the caret lines up at any tab width.
  const indent = text.slice(from, at).replace(/[^\t]/g, ' ');
  // Replace control and direction characters with blanks, so that the terminal does not interpret them.
  return `  ${shown.replace(/[^\P{Cc}\t]|[\p{Cf}\p{Zl}\p{Zp}]/gu, (c) => ' '.repeat(c.length))}\n  ${indent}^`;
}
