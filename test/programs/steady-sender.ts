/** Sends messages one after another over one open queue. Endpoint, region and keys are in the environment. */
import { openSqsQueue } from 'nestjs-sqs-thrift/port';

const [count = '20'] = process.argv.slice(2);
const queue = await openSqsQueue({ queue: 'backup' });
for (let at = 0; at < Number(count); at += 1) await queue.send([{ body: `message ${at}` }]);
await queue.close();
