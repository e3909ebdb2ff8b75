import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram, freePorts, programFolders, type ServerProcess, startServer } from './broker-process.js';

/** Names the brokers behind transports of Nest. */
export type BrokerName = 'nats' | 'redis' | 'rabbitmq';

/** A broker that accepts connections on the loopback interface. */
export interface Broker {
  readonly host: string;
  readonly port: number;
  readonly pid: number;
  /** Ends the broker and removes its data. */
  readonly stop: () => Promise<void>;
}

const HOST = '127.0.0.1';

/** Describes a broker of Debian. */
interface BrokerKind {
  /** Name of the Debian package, and of its program. */
  readonly debianPackage: string;
  /** Folders that hold the program beside those of the `PATH`. */
  readonly folders: readonly string[];
  /** Number of ports that the broker takes. Clients connect to the first. */
  readonly ports: number;
  start(program: string, ports: readonly number[], data: string): Promise<ServerProcess>;
}

const BROKERS: Readonly<Record<BrokerName, BrokerKind>> = {
  nats: {
    debianPackage: 'nats-server',
    folders: [],
    ports: 1,
    start: (program, [port], data) =>
      startServer({
        program,
        args: ['--addr', HOST, '--port', String(port)],
        cwd: data,
        ready: 'Server is ready',
      }),
  },
  redis: {
    debianPackage: 'redis-server',
    folders: [],
    ports: 1,
    start: (program, [port], data) =>
      startServer({
        program,
        args: ['--bind', HOST, '--port', String(port), '--dir', data, '--save', '', '--appendonly', 'no'],
        cwd: data,
        ready: 'Ready to accept connections',
      }),
  },
  rabbitmq: {
    debianPackage: 'rabbitmq-server',
    // The program in the PATH is a wrapper that becomes another user, whose process has another id.
    folders: ['/usr/lib/rabbitmq/bin'],
    ports: 3,
    start: startRabbit,
  },
};

/** Starts RabbitMQ beside a name server of Erlang of its own, which would otherwise stay as a daemon. */
async function startRabbit(program: string, ports: readonly number[], data: string): Promise<ServerProcess> {
  const [port, distributionPort, nameServerPort] = ports.map(String) as [string, string, string];
  const nameServer = await startNameServer(nameServerPort, data);
  await writeFile(join(data, 'rabbitmq-env.conf'), '');
  const env = {
    PATH: process.env['PATH'],
    // Erlang keeps its cookie there.
    HOME: data,
    ERL_EPMD_ADDRESS: HOST,
    ERL_EPMD_PORT: nameServerPort,
    // The script then becomes the server, so that a signal reaches it.
    RABBITMQ_ALLOW_INPUT: '1',
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: `-noinput -kernel inet_dist_use_interface {${HOST.replaceAll('.', ',')}}`,
    RABBITMQ_NODENAME: 'bench@localhost',
    RABBITMQ_NODE_IP_ADDRESS: HOST,
    RABBITMQ_NODE_PORT: port,
    RABBITMQ_DIST_PORT: distributionPort,
    RABBITMQ_MNESIA_BASE: join(data, 'data'),
    RABBITMQ_LOG_BASE: join(data, 'log'),
    RABBITMQ_LOGS: '-',
    RABBITMQ_CONFIG_FILE: join(data, 'rabbitmq'),
    RABBITMQ_CONF_ENV_FILE: join(data, 'rabbitmq-env.conf'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(data, 'plugins'),
  };
  try {
    const server = await startServer({ program, args: [], env, cwd: data, ready: 'Server startup complete' });
    return {
      pid: server.pid,
      async stop() {
        await server.stop();
        await nameServer.stop();
      },
    };
  } catch (error) {
    await nameServer.stop();
    throw error;
  }
}

function startNameServer(port: string, data: string): Promise<ServerProcess> {
  const program = findProgram('epmd', programFolders());
  if (program === undefined) throw new Error('epmd of Erlang is missing, which the package rabbitmq-server installs');
  return startServer({
    program,
    args: ['-d', '-d', '-port', port, '-address', HOST],
    cwd: data,
    ready: 'entering the main select() loop',
  });
}

/**
 * Returns the line that says why a broker is skipped. Undefined if its program is installed.
 *
 * @param folders Folders to search. Default: those of the `PATH` and of Debian's servers
 */
export function missingBroker(name: BrokerName, folders = foldersOf(name)): string | undefined {
  const { debianPackage } = BROKERS[name];
  if (findProgram(debianPackage, folders) !== undefined) return undefined;
  return `${name}: skipped, because ${debianPackage} is not installed (apt-get install ${debianPackage})`;
}

function foldersOf(name: BrokerName): readonly string[] {
  return [...BROKERS[name].folders, ...programFolders()];
}

/**
 * Starts a broker with an empty folder of its own, on a free port of the loopback interface.
 *
 * @throws Error if its program is missing, or does not start
 */
export async function startBroker(name: BrokerName): Promise<Broker> {
  const program = findProgram(BROKERS[name].debianPackage, foldersOf(name));
  if (program === undefined) throw new Error(missingBroker(name));
  const data = await mkdtemp(join(tmpdir(), `bench-${name}-`));
  const removeData = (): Promise<void> => rm(data, { recursive: true, force: true });
  try {
    const ports = await freePorts(BROKERS[name].ports);
    const server = await BROKERS[name].start(program, ports, data);
    return {
      host: HOST,
      port: ports[0]!,
      pid: server.pid,
      async stop() {
        await server.stop();
        await removeData();
      },
    };
  } catch (error) {
    await removeData();
    throw error;
  }
}
