const WIDTH = 30;

/** Shows the progress of a command in one line of a terminal. Shows nothing in a pipe. */
export class Progress {
  private readonly shown = process.stderr.isTTY === true;
  private drawn = false;

  /** @param verb past participle of the operation, for example `moved` */
  constructor(private readonly verb: string) {}

  /** @param total approximate number of messages; undefined if unknown */
  show(done: number, total?: number): void {
    if (!this.shown) return;
    const of = total !== undefined && total >= done ? `${bar(done, total)} ${done} of about ${total}` : String(done);
    process.stderr.write(`\r\u001b[2K${of} ${this.verb}`);
    this.drawn = true;
  }

  /** Removes the line, if there is a line. */
  clear(): void {
    if (this.drawn) process.stderr.write('\r\u001b[2K');
    this.drawn = false;
  }
}

function bar(done: number, total: number): string {
  const filled = total === 0 ? WIDTH : Math.round((done / total) * WIDTH);
  return `[${'#'.repeat(filled)}${'.'.repeat(WIDTH - filled)}]`;
}
