import { it } from '@jest/globals';
import { openFake, startFake } from './open-fake.js';
it('x', async () => {
  const fake = await startFake();
  const queue = await openFake(fake);
  fake.faults = () => ({ kind: 'truncate', cut: 'connection' });
  const e = (await queue.send([{ body: 'a' }]).catch((x: unknown) => x)) as { cause: Record<string, unknown> };
  console.log(String((e as never as Error).message), e.cause, Object.getOwnPropertyNames(e.cause), e.cause.$metadata, e.cause.$response === undefined);
  await queue.close();
  await fake.stop();
});
