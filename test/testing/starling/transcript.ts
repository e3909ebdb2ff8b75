/** Commands with the answers of a server, in order. */
export type Transcript = readonly (readonly [sent: string, answer: string])[];

export const STORED = 'STORED\r\n';
export const END = 'END\r\n';

/** Writes the answer to a `get`. */
export const value = (queue: string, body: string): string => `VALUE ${queue} 0 ${body.length}\r\n${body}\r\n${END}`;

/** Writes the command that stores an item. */
export const set = (queue: string, body: string): string => `set ${queue} 0 0 ${body.length}\r\n${body}\r\n`;
