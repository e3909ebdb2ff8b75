import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from '../free-port.js';
import { createInterface } from 'node:readline';
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';

/** An SQS that others wrote: ElasticMQ, from `test/elasticmq/setup.sh`. */
export interface ElasticMq {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Creates a queue and tells its ARN. A name that ends in `.fifo` makes it a FIFO queue. */
  createQueue(name: string, attributes?: Readonly<Record<string, string>>): Promise<string>;
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';

/** Each lives for a minute or two beside what it tests: what a JVM does for those that live longer would cost more than it saves. */
const SHORT_LIVED = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];

/** Starts it on a free port of 127.0.0.1. Rejects when it ends before it listens. */
export async function startElasticMq(): Promise<ElasticMq> {
  const port = await freePort();
  const settings = [
    'rest-stats.enabled=false',
    `rest-sqs.bind-hostname=${HOST}`,
    `rest-sqs.bind-port=${port}`,
    `node-address.host=${HOST}`,
    `node-address.port=${port}`,
  ];
  const properties = settings.map((setting) => `-D${setting}`);
  const args = [...SHORT_LIVED, ...properties, '-cp', 'build/elasticmq/*', 'org.elasticmq.server.Main'];
  const child = spawn('java', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = Promise.race([once(child, 'exit'), once(child, 'error')]);
  const listening = new Promise<void>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (/ElasticMQ server .* started/.test(line)) resolve();
    });
  });
  const early = exited.then(([code]) => {
    throw new Error(`ElasticMQ ended (${String(code)}); has test/elasticmq/setup.sh been run?`);
  });
  await Promise.race([listening, early]);
  early.catch(() => undefined);
  const endpoint = `http://${HOST}:${port}`;
  const [region, credentials] = ['us-east-1', { accessKeyId: 'elasticmq', secretAccessKey: 'elasticmq' }];
  const client = new SQSClient({ endpoint, region, credentials });
  return {
    endpoint,
    region,
    credentials,
    async createQueue(name, attributes = {}) {
      const Attributes = name.endsWith('.fifo') ? { FifoQueue: 'true', ...attributes } : attributes;
      const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: name, Attributes }));
      const told = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
      return told.Attributes!.QueueArn!;
    },
    async stop() {
      client.destroy();
      child.kill('SIGKILL');
      await exited;
    },
  };
}
