import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';

/** An SQS that others wrote: moto, from `test/moto/setup.sh`. */
export interface Moto {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Creates a queue and tells its ARN. A name that ends in `.fifo` makes it a FIFO queue. */
  createQueue(name: string, attributes?: Readonly<Record<string, string>>): Promise<string>;
  stop(): Promise<void>;
}

/** Starts it on a free port of 127.0.0.1. Rejects when it ends before it listens. */
export async function startMoto(): Promise<Moto> {
  const child = spawn(resolve('build/moto/bin/moto_server'), ['-H', '127.0.0.1', '-p', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = once(child, 'exit');
  const listening = new Promise<string>((found) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(line) ?? [];
      if (url) found(url);
    });
  });
  const early = Promise.race([exited, once(child, 'error')]).then(([code]) => {
    throw new Error(`moto_server ended (${String(code)}); has test/moto/setup.sh been run?`);
  });
  const endpoint = await Promise.race([listening, early]);
  early.catch(() => undefined);
  const [region, credentials] = ['us-east-1', { accessKeyId: 'moto', secretAccessKey: 'moto' }];
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
