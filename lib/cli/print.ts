import { jsonText } from './text.js';

/** Prints the result of a command: JSON in one line for programs, or text for people. */
export function print(json: boolean | undefined, value: unknown, text: string): void {
  console.log(json ? jsonText(value) : text);
}

/** Tells a person something beside the result; programs are told nothing. */
export function note(json: boolean | undefined, text: string): void {
  if (!json) console.error(text);
}
