import type { DataPath } from './data-path.js';
import type { DataPathName } from './data-path-option.js';
import { LeanDataPath } from './lean/lean-data-path.js';
import { loadPool } from './lean/load-pool.js';
import { requestTemplate } from './lean/request-template.js';
import { isRetryStrategy } from './lean/retries.js';
import { SdkDataPath } from './sdk-data-path.js';
import type { SqsClients } from './sqs-clients.js';

/**
 * Opens a data path of a queue. A retry strategy of the SDK's first version runs the SDK's own
 * requests, so it leads to the SDK's data path.
 */
export async function openDataPath(name: DataPathName, clients: SqsClients, queueUrl: string): Promise<DataPath> {
  if (name === 'sdk') return new SdkDataPath(clients, queueUrl);
  const { sdk, main } = clients;
  const strategy: unknown = await main.config.retryStrategy();
  if (!isRetryStrategy(strategy)) return new SdkDataPath(clients, queueUrl);
  const [template, Pool] = await Promise.all([requestTemplate(sdk, main, queueUrl), loadPool()]);
  const connections = new Pool(template.origin, CONNECTIONS);
  return new LeanDataPath({ clients, queueUrl, template, connections, strategy });
}

/**
 * Configures the connections of a queue: as many as there are requests, since the layers above limit
 * their number. A connection attempt without an answer ends early enough for a retry.
 */
const CONNECTIONS = { connections: null, pipelining: 1, keepAliveTimeout: 15_000, connect: { timeout: 2_000 } };
