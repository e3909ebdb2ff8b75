import { closedError, type Subject } from './starling-errors.js';
import type { StarlingConnection } from './starling-connection.js';

/** Largest number of connections that wait for their next use. */
const MAX_IDLE = 256;

export interface PoolSettings {
  readonly subject: Subject;
  /** Opens a connection that is ready for commands. */
  readonly open: () => Promise<StarlingConnection>;
}

/**
 * Keeps connections for their next use. A connection belongs to one user at a time. A user that read
 * something unexpected closes its connection instead.
 */
export class ConnectionPool {
  /** The newest last. */
  private readonly idle: StarlingConnection[] = [];
  private readonly all = new Set<StarlingConnection>();
  private isClosed = false;

  constructor(private readonly settings: PoolSettings) {}

  /** Returns a connection for one user. Rejects with a QueueError if none can be opened. */
  async acquire(): Promise<StarlingConnection> {
    this.checkOpen();
    // The newest, so that a server may close the connections that nobody needs.
    const known = this.idle.pop();
    if (known !== undefined) return known;
    const connection = await this.settings.open();
    if (this.isClosed) {
      connection.destroy(closedError(this.settings.subject));
      this.checkOpen();
    }
    this.all.add(connection);
    connection.onClose(() => {
      this.all.delete(connection);
      const at = this.idle.indexOf(connection);
      if (at >= 0) this.idle.splice(at, 1);
    });
    return connection;
  }

  /** Takes a connection back on which no command and no item is open. */
  release(connection: StarlingConnection): void {
    if (connection.isClosed || this.idle.includes(connection)) return;
    if (this.isClosed || this.idle.length >= MAX_IDLE) connection.destroy(closedError(this.settings.subject));
    else this.idle.push(connection);
  }

  /** Closes every connection. The server puts the items back that are open on them. */
  close(): void {
    this.isClosed = true;
    for (const connection of [...this.all]) connection.destroy(closedError(this.settings.subject));
  }

  private checkOpen(): void {
    if (this.isClosed) throw closedError(this.settings.subject);
  }
}
