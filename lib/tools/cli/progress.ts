const WIDTH = 30;

/** Tells on a terminal how far a command is, in one line that is written over; says nothing in a pipe. */
export class Progress {
  private readonly shown = process.stderr.isTTY === true;
  private drawn = false;

  /** @param verb what is done to messages, for example `moved` */
  constructor(private readonly verb: string) {}

  /** @param total about how many there are; undefined when nobody knows */
  show(done: number, total?: number): void {
    if (!this.shown) return;
    const of = total !== undefined && total >= done ? `${bar(done, total)} ${done} of about ${total}` : String(done);
    process.stderr.write(`\r\u001b[2K${of} ${this.verb}`);
    this.drawn = true;
  }

  /** Takes the line away, if there is one. */
  clear(): void {
    if (this.drawn) process.stderr.write('\r\u001b[2K');
    this.drawn = false;
  }
}

function bar(done: number, total: number): string {
  const filled = total === 0 ? WIDTH : Math.round((done / total) * WIDTH);
  return `[${'#'.repeat(filled)}${'.'.repeat(WIDTH - filled)}]`;
}
