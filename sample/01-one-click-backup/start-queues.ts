import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { startEmbeddedSqs } from 'nestjs-sqs-thrift/testing';

/** Locates the queues, and holds the environment variables with which a process finds them. */
export interface Queues {
  readonly where: string;
  readonly env: Readonly<Record<string, string>>;
  readonly stop: () => Promise<void>;
}

/** Finds a free port for each service, for a transport without queues. */
export async function startPorts(names: readonly string[]): Promise<Queues> {
  const servers = names.map(() => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  for (const server of servers) server.close();
  const env = Object.fromEntries(names.map((name, at) => [name, String(ports[at])]));
  return { where: `the ports ${ports.join(' and ')}`, env, stop: () => Promise.resolve() };
}

/** Creates the queues on the SQS of the environment, or on an embedded SQS without one. */
export async function startQueues(names: readonly string[]): Promise<Queues> {
  const elsewhere = process.env['AWS_ENDPOINT_URL_SQS'] ?? process.env['AWS_ENDPOINT_URL'];
  if (elsewhere === undefined) return startEmbedded(names);
  const client = new SQSClient({});
  try {
    for (const QueueName of names) await client.send(new CreateQueueCommand({ QueueName }));
  } catch (cause) {
    const hint = 'start it, correct AWS_ENDPOINT_URL_SQS, or unset it for an embedded SQS';
    throw new Error(`cannot create the queues on ${elsewhere}: ${(cause as Error).message} (${hint})`, { cause });
  }
  return { where: elsewhere, env: {}, stop: () => Promise.resolve(client.destroy()) };
}

async function startEmbedded(names: readonly string[]): Promise<Queues> {
  const sqs = await startEmbeddedSqs();
  for (const name of names) await sqs.createQueue(name, { deadLetterQueue: true, maxReceiveCount: 5 });
  return { where: `an embedded SQS, ${sqs.endpoint}`, env: sqs.env, stop: () => sqs.stop() };
}
