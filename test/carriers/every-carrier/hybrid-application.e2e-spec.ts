import { afterEach, describe, expect, it } from '@jest/globals';
import { ThriftFactory } from 'nestjs-sqs-thrift';
import { Journal, Orders, OrdersModule } from '../../testing/orders.js';
import { CARRIERS } from './carriers.js';

const closes: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closes.splice(0).reverse()) await close();
});

describe('a web application that emits to itself', () => {
  it.each(CARRIERS.map((carrier) => [carrier.name, carrier] as const))(
    'differs over %s in its strategy and in customClass alone',
    async (_, carrier) => {
      const started = await carrier.start();
      closes.push(() => started.stop());
      const queue = await started.open();
      const server = queue.server({ service: Orders });
      const settled = new Promise<unknown>((resolve) => server.on('settled', resolve));
      const module = OrdersModule.over(carrier.Client, queue.clientOptions(Orders));
      const app = await ThriftFactory.create(module, server, { logger: false, abortOnError: false });
      closes.push(() => app.close());
      await app.startAllMicroservices();
      await app.listen(0, '127.0.0.1');
      const response = await fetch(`${await app.getUrl()}/orders/o1`, { method: 'POST' });
      expect([response.status, await response.json()]).toEqual([202, { messageId: expect.stringMatching(/./) }]);
      expect(await settled).toMatchObject({ outcome: 'ack', methods: ['place'] });
      expect(app.get(Journal, { strict: false }).lines).toEqual(['placed o1 of web, delivery 1']);
    },
  );
});
