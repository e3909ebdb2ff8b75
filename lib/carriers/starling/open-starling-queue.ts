import type { MessageSender } from '../../queue/queue.js';
import { ConnectionPool } from './connection-pool.js';
import { DialectCheck } from './dialect.js';
import { QueueError } from '../../queue/queue-error.js';
import { StarlingConnection } from './starling-connection.js';
import type { Subject } from './starling-errors.js';
import {
  type ResolvedStarlingOptions,
  resolveStarlingOptions,
  type StarlingQueueOptions,
  type StarlingSenderOptions,
} from './starling-options.js';
import { StarlingQueue } from './starling-queue.js';
import { StarlingSender } from './starling-sender.js';

/**
 * Opens a queue for sending and receiving, after its server has answered. Servers create a queue when
 * it is first used, so a wrong name is an empty queue.
 *
 * @throws TypeError, RangeError an option is unknown or not acceptable
 * @throws QueueError the server does not answer (kind `network`), or speaks another dialect (`invalid`)
 * @publicApi
 */
export async function openStarlingQueue(options: StarlingQueueOptions): Promise<StarlingQueue> {
  const settings = resolveStarlingOptions(options);
  const subject = subjectOf(settings);
  const dialects = new DialectCheck(subject, settings.dialect);
  const open = async (): Promise<StarlingConnection> => {
    const connection = await StarlingConnection.open({ ...settings, subject });
    try {
      await dialects.check(connection);
    } catch (error) {
      connection.destroy(QueueError.from(error, settings.queue));
      throw error;
    }
    return connection;
  };
  const pool = new ConnectionPool({ subject, open });
  try {
    pool.release(await pool.acquire());
    const queue = new StarlingQueue({ subject, pool, dialect: dialects.dialect, options: settings });
    await queue.check();
    return queue;
  } catch (error) {
    pool.close();
    throw error;
  }
}

/**
 * Opens the sending end of a queue, after its server has answered. `set` is the same in both dialects.
 *
 * @throws TypeError, RangeError an option is unknown or not acceptable
 * @throws QueueError the server does not answer
 * @publicApi
 */
export async function openStarlingSender(options: StarlingSenderOptions): Promise<MessageSender> {
  const settings = resolveStarlingOptions(options);
  const subject = subjectOf(settings);
  const open = (): Promise<StarlingConnection> => StarlingConnection.open({ ...settings, subject });
  const sender = new StarlingSender({ subject, pool: new ConnectionPool({ subject, open }) });
  try {
    await sender.check();
  } catch (error) {
    await sender.close();
    throw error;
  }
  return sender;
}

function subjectOf({ queue, host, port }: ResolvedStarlingOptions): Subject {
  return { queue, server: host.includes(':') ? `[${host}]:${port}` : `${host}:${port}` };
}
