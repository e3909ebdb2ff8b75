/**
 * One side of a socket, to be killed. Writes a line for each fact, at once: `port 4711` and `handled 7`
 * of a server, `taken 7` of a client.
 *
 * Arguments: `server`, or `client` and the port.
 */
import 'reflect-metadata';
import { writeSync } from 'node:fs';
import { Controller, Module } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { ThriftFactory } from 'nestjs-sqs-thrift';
import { findService, loadSchemaFromText } from 'nestjs-sqs-thrift/idl';
import { ClientThriftSocket, ServerThriftSocket } from 'nestjs-sqs-thrift/socket';
import { firstValueFrom } from 'rxjs';

/** Milliseconds of a handler, so that calls wait in memory. */
const HANDLER_MS = 2;
/** Calls that a client has under way. */
const AT_ONCE = 50;

const [side, port] = process.argv.slice(2);
const service = findService(loadSchemaFromText('service Jobs { oneway void run(1: i32 n) }'), 'Jobs');
const host = '127.0.0.1';

function tell(fact: string): void {
  writeSync(1, `${fact}\n`);
}

@Controller()
class JobsController {
  @EventPattern<string>('run')
  async run(@Payload() { n }: { readonly n: number }): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, HANDLER_MS));
    tell(`handled ${n}`);
  }
}

@Module({ controllers: [JobsController] })
class JobsModule {}

async function serve(): Promise<void> {
  const strategy = new ServerThriftSocket({ host, port: 0, service });
  const app = await ThriftFactory.createMicroservice(JobsModule, strategy, { logger: false });
  app.enableShutdownHooks();
  await app.listen();
  tell(`port ${strategy.address!.port}`);
}

async function emit(): Promise<void> {
  const client = new ClientThriftSocket({ host, port: Number(port), service, deliveryTimeoutMs: 500 });
  let n = 0;
  const lane = async (): Promise<void> => {
    for (;;) {
      const own = (n += 1);
      await firstValueFrom(client.emit('run', { n: own }));
      tell(`taken ${own}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}

if (side === 'server') await serve();
else await emit().catch(() => process.exit());
