/** Answer of an embedded server to a line or to a data block. */
export interface Reply {
  readonly text: Buffer | string;
  /** True if the server closes the connection after the answer. Default false. */
  readonly close?: boolean;
}

/** The data block that follows a line. */
export interface DataBlock {
  readonly bytes: number;
  /** Answers a block that ends where the line said. */
  readonly stored: (body: Buffer) => Reply;
  /** Answers a block of another length. Undefined: the connection says nothing any more. */
  readonly broken: Reply | undefined;
}

/** Result of a command. A promise is an answer that the server waits with. */
export type Execution = Reply | DataBlock | Promise<Reply>;

/** The commands of one connection, in the dialect of one server. */
export interface ServerRules {
  execute(line: string): Execution;
  /** True if the server closes the connection after an answer. */
  closesAfter(answer: string): boolean;
  /** Gives back what the connection holds, after its end. */
  ended(): void;
  /** Milliseconds after which half a command line is forgotten. Undefined: never. */
  readonly lineMs: number | undefined;
}

export const END = 'END\r\n';

/** Writes an item as an answer to `get`. */
export function valueReply(queue: string, body: Buffer): Reply {
  return { text: Buffer.concat([Buffer.from(`VALUE ${queue} 0 ${body.length}\r\n`), body, Buffer.from(`\r\n${END}`)]) };
}
