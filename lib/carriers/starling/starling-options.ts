import { checkOptionNames, describeOption, type OptionNames } from '../../common/option-names.js';
import { nullAdvice } from '../../common/number-fault.js';
import { type Clock, systemClock } from '../../queue/clock.js';
import { choiceOption, numberOption, typeOption } from '../../queue/options.js';
import { checkQueueName } from './starling-queue-name.js';

/**
 * The dialects of the protocol. `starling`: a `get` takes an item out of its queue for good.
 * `kestrel`: a `get` opens an item, and the server puts an open item back when its connection ends.
 * Kestrel, Siberite and Darner speak it.
 *
 * @publicApi
 */
export type StarlingDialect = 'starling' | 'kestrel';

/**
 * Locates a server that speaks the protocol of Starling.
 *
 * @publicApi
 */
export interface StarlingServerOptions {
  /** Sets the host name or the address of the server. Default `127.0.0.1`. */
  readonly host?: string | undefined;
  /**
   * Sets the TCP port. Default 22122 with the dialect `starling`, and 22133 otherwise: the ports of
   * Starling, and of Kestrel and Siberite.
   */
  readonly port?: number | undefined;
  /**
   * Sets the dialect of the server. `kestrel` serves Kestrel, Siberite and Darner, at least once.
   * `starling` serves Starling and everything else that knows `get` and `set`, at most once: what a
   * worker holds is lost if the worker is killed. `auto` asks each server for its `version`, which
   * Starling does not know. Default `auto`.
   */
  readonly dialect?: StarlingDialect | 'auto' | undefined;
  /**
   * Milliseconds for a connection to open, and for each whole answer. A larger body gets a second
   * more for each MiB. After that the connection is closed. 100 to 600 000, default 5 000.
   */
  readonly timeoutMs?: number | undefined;
}

/** Names every option of {@link StarlingServerOptions}. */
export const STARLING_SERVER_OPTION_NAMES = {
  host: true,
  port: true,
  dialect: true,
  timeoutMs: true,
} satisfies OptionNames<StarlingServerOptions>;

/**
 * Configures {@link openStarlingQueue}.
 *
 * @publicApi
 */
export interface StarlingQueueOptions extends StarlingServerOptions {
  /** Sets the name of the queue: 1 to 250 letters, digits, `_` and `-`. */
  readonly queue: string;
  /**
   * Largest number of failed messages that wait for their next delivery. In the dialect `kestrel`
   * each of them keeps a connection, on which the server holds its item. While as many wait, nothing
   * else is received. 1 to 10 000, default 100.
   */
  readonly maxRetrying?: number | undefined;
  /** Sets the clock of deadlines and pauses. Default: the monotonic clock of the machine. */
  readonly clock?: Clock | undefined;
}

/**
 * Configures {@link openStarlingSender}.
 *
 * @publicApi
 */
export type StarlingSenderOptions = Omit<StarlingQueueOptions, 'maxRetrying'>;

const QUEUE_OPTION_NAMES = {
  ...STARLING_SERVER_OPTION_NAMES,
  queue: true,
  maxRetrying: true,
  clock: true,
} satisfies OptionNames<StarlingQueueOptions>;

/** {@link StarlingQueueOptions} with every default filled in. */
export interface ResolvedStarlingOptions {
  readonly queue: string;
  readonly host: string;
  readonly port: number;
  readonly dialect: StarlingDialect | 'auto';
  readonly timeoutMs: number;
  readonly maxRetrying: number;
  readonly clock: Clock;
}

/** Ports by default (starling and kestrel: their README files). */
const PORTS = { starling: 22_122, kestrel: 22_133, auto: 22_133 } as const;

/** @throws TypeError, RangeError an option is unknown or not acceptable */
export function resolveStarlingOptions(options: StarlingQueueOptions): ResolvedStarlingOptions {
  const { queue, host = '127.0.0.1', clock = systemClock } = checkOptionNames('', options, QUEUE_OPTION_NAMES);
  checkQueueName('queue', queue);
  typeOption('host', host, 'string');
  // An object of a URL or an empty variable of the environment would connect to this machine.
  if (host === '' || /[/\s]/.test(host)) {
    throw new TypeError(`host must be a host name or an address, got ${describeOption(host)}${nullAdvice(host)}`);
  }
  const dialect = choiceOption('dialect', options.dialect, ['auto', 'kestrel', 'starling']);
  return {
    queue,
    host,
    port: numberOption('port', options.port, PORTS[dialect], 1, 65_535),
    dialect,
    timeoutMs: numberOption('timeoutMs', options.timeoutMs, 5_000, 100, 600_000),
    maxRetrying: numberOption('maxRetrying', options.maxRetrying, 100, 1, 10_000),
    clock,
  };
}
