import { describe, expect, it } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { renderKeda } from '../../../../lib/tools/cli/infra/keda.js';
import { deploymentName } from '../../../../lib/tools/cli/infra/logical-ids.js';
import { plan } from './planning.js';

/** Plans the resources of queues, each of which has a service and a method. */
function planQueues(...names: readonly string[]) {
  const services = names.map((_, at) => `S${at}`);
  const idl = names.map((name, at) => `service S${at} { oneway void m${at}() } (sqs.queue = "${name}")`).join('\n');
  return plan(services, {}, idl).infrastructure;
}

/** Names that Kubernetes accepts for an object. */
const KUBERNETES = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;

describe('the names of Deployments', () => {
  const queues = ['orders-a', 'orders_a', 'Orders-A', 'orders--a', '-orders-a', 'orders-a-', '___', '-', 'x-fifo', 'X'];

  it('differ if the names of queues differ, and are names that Kubernetes accepts', () => {
    const names = [...queues, 'x.fifo', 'x_fifo'].map(deploymentName);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(KUBERNETES);
    expect(deploymentName('album-edits.fifo')).toBe('album-edits-fifo-worker');
  });

  it('are those of the ScaledObjects', () => {
    const documents = parseAllDocuments(renderKeda(planQueues(...queues), { region: 'eu-west-1', account: '1' }));
    const objects = documents.map((document) => document.toJS() as { metadata: { name: string } });
    expect(objects.map(({ metadata }) => metadata.name)).toEqual(queues.map(deploymentName));
  });
});

describe('queues whose resources would have one name', () => {
  it('are refused if the digest of one name is in the other name', () => {
    expect(() => planQueues('orders_x', 'orders-xda6276c2')).toThrow(
      '"orders_x" and "orders-xda6276c2" would have the same logical id, OrdersXda6276c2Queue. Rename a queue.',
    );
  });

  it('are refused if their workers would share a Deployment', () => {
    const other = deploymentName('orders_x').replace(/-worker$/, '');
    expect(() => planQueues('orders_x', other)).toThrow(
      `"orders_x" and "${other}" would have the same name in Kubernetes, ${other}-worker. Rename a queue.`,
    );
  });
});
