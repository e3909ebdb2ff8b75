import { Agent } from 'node:http';
import { connect, type Socket } from 'node:net';
import { SQSClient, type SQSClientConfig } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openSqsQueue } from '../../../lib/carriers/sqs/open-sqs-queue.js';
import { startSqsFake, type SqsFake } from '../../fakes/sqs/sqs-fake.js';
import { credentials } from './open-fake.js';

/** Connects to a fixed port, whatever the host of a request is, as the agent of a proxy does. */
class ProxyAgent extends Agent {
  connections = 0;

  constructor(private readonly target: number) {
    super({ keepAlive: true });
  }

  override createConnection(): Socket {
    this.connections += 1;
    return connect(this.target, '127.0.0.1');
  }
}

describe('an agent for a proxy', () => {
  let fake: SqsFake;
  let agent: ProxyAgent;
  let config: SQSClientConfig;
  beforeEach(async () => {
    fake = await startSqsFake();
    fake.createQueue('q');
    agent = new ProxyAgent(Number(new URL(fake.endpoint).port));
    // Nothing but the agent knows the way to this host.
    const endpoint = 'http://sqs.invalid';
    config = { region: fake.region, endpoint, credentials, requestHandler: { httpAgent: agent } };
  });
  afterEach(async () => {
    agent.destroy();
    await fake.stop();
  });

  it.each([
    ['a ready client', () => new SQSClient(config)],
    ['the configuration of a client', () => config],
  ])('carries every request of %s, since the SDK performs them', async (_, client) => {
    const queue = await openSqsQueue({ queue: 'q', client: client() });
    await queue.send([{ body: 'x' }]);
    const [message] = await queue.receive({ max: 1, waitSeconds: 0, visibilityTimeoutSeconds: 30 });
    await queue.acknowledge([message!]);
    await queue.close();
    expect(message!.body).toBe('x');
    expect(fake.log.requests.map(({ action }) => action)).toEqual([
      'GetQueueUrl',
      'GetQueueAttributes',
      'SendMessageBatch',
      'ReceiveMessage',
      'DeleteMessageBatch',
    ]);
    expect(fake.log.requests.every(({ headers }) => 'amz-sdk-invocation-id' in headers)).toBe(true);
    expect(agent.connections).toBeGreaterThan(0);
  });
});
