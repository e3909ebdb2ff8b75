import type { SQSClient } from '@aws-sdk/client-sqs';
import type { SqsClients } from './sqs-clients.js';

/** Sockets that long polls leave to the other requests, one of so many. */
const SHARE_LEFT = 5;

/**
 * Returns the number of long polls that can be open at the same time, by the connections of the
 * clients. Undefined if connections are no limit. A long poll holds its connection, and a request
 * that waits for a connection may time out. Call it after a first request, which creates the agents.
 */
export function openReceives(clients: SqsClients): number | undefined {
  const { main } = clients;
  const sockets = socketsOf(main);
  if (sockets === undefined || !Number.isFinite(sockets)) return undefined;
  const shared = main.config.requestHandler === clients.receiving.config.requestHandler;
  return Math.max(1, shared ? sockets - Math.max(1, Math.floor(sockets / SHARE_LEFT)) : sockets);
}

interface Agent {
  readonly maxSockets?: unknown;
  readonly maxTotalSockets?: unknown;
}

interface Handler {
  httpHandlerConfigs?(): { readonly httpAgent?: Agent; readonly httpsAgent?: Agent };
}

/**
 * Returns the lowest limit of the agents that a client has used. Undefined for a request handler
 * without Node's agents.
 */
function socketsOf({ config: { requestHandler } }: SQSClient): number | undefined {
  const { httpAgent, httpsAgent } = (requestHandler as Handler).httpHandlerConfigs?.() ?? {};
  // The agent for HTTP exists only if the client uses HTTP.
  const { maxSockets, maxTotalSockets } = httpAgent ?? httpsAgent ?? {};
  const limits = [maxSockets, maxTotalSockets].filter((limit) => typeof limit === 'number');
  return limits.length === 0 ? undefined : Math.min(...limits);
}
