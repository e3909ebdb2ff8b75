import { Controller, Module } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import {
  ClientSqsThrift,
  type ClientSqsThriftOptions,
  RejectEventException,
  ServerSqsThrift,
  SqsThriftRecordBuilder,
  ThriftFactory,
} from 'nestjs-sqs-thrift';
import { findService, loadSchemaFromText } from 'nestjs-sqs-thrift/idl';
import type { SqsThriftInstrumentationConfig } from 'nestjs-sqs-thrift/opentelemetry';
import type { EmbeddedSqs } from 'nestjs-sqs-thrift/testing';
import { firstValueFrom, fromEventPattern, lastValueFrom, take, toArray } from 'rxjs';
import { closeAll, closeLater } from '../../nest/harness.js';
import type { RecordedSpans } from './recorded-spans.js';
import { linesOf } from './span-lines.js';

const Jobs = findService(loadSchemaFromText('service Jobs { oneway void run(1: i32 id) }'), 'Jobs');
export const OWN = '00-0123456789abcdef0123456789abcdef-0123456789abcdef-01';

/** Calls that fail at their first delivery, and calls that are rejected. */
export const [FAILING, REJECTED] = [100, 200];
const failed = new Set<number>();

@Controller()
class JobsController {
  @EventPattern<string>('run')
  run({ id }: { id: number }): void {
    if (id >= REJECTED) throw new RejectEventException('never');
    if (id >= FAILING && !failed.has(id)) {
      failed.add(id);
      throw new RangeError('not yet');
    }
  }
}

@Module({ controllers: [JobsController] })
class JobsModule {}

export interface SpanCase {
  readonly config?: SqsThriftInstrumentationConfig;
  readonly client?: Partial<ClientSqsThriftOptions>;
  readonly fifo?: boolean;
  readonly deadLetters?: boolean;
  /** True if two messages are acknowledged by one request or by two, as time has it. */
  readonly sharesAcks?: boolean;
  /** Ids of the calls, by the request in whose span they are emitted. */
  readonly requests: Readonly<Record<string, readonly (number | SqsThriftRecordBuilder<{ id: number }>)[]>>;
  /** Number of deliveries, those after a failure included. */
  readonly deliveries: number;
  readonly lines: readonly string[];
}

export function inGroup(id: number): SqsThriftRecordBuilder<{ id: number }> {
  return new SqsThriftRecordBuilder({ id }).setGroupId('g').setDeduplicationId(String(id));
}

let queues = 0;

/** Emits all calls before the worker starts, so that a receive has them all, and returns the spans. */
export async function runCase(
  sqs: EmbeddedSqs,
  spans: RecordedSpans,
  { config = {}, client: own, fifo = false, deadLetters, requests, deliveries }: SpanCase,
): Promise<string[]> {
  spans.configure(config);
  const name = `jobs-${(queues += 1)}${fifo ? '.fifo' : ''}`;
  await sqs.createQueue(name, { deadLetterQueue: true });
  const { endpoint, region, credentials } = sqs;
  const access = { endpoint, region, credentials, queue: name, service: Jobs };
  const client = closeLater(new ClientSqsThrift({ ...access, ...own }));
  await client.connect();
  const emits = Object.entries(requests).flatMap(([request, calls]) =>
    spans.inSpan(request, () =>
      calls.map((call) =>
        lastValueFrom(client.emit<string, unknown, string>('run', typeof call === 'number' ? { id: call } : call)),
      ),
    ),
  );
  await Promise.all(emits);
  const strategy = new ServerSqsThrift({
    ...access,
    waitTimeSeconds: 1,
    retry: { maxSeconds: 1 },
    ...(deadLetters && { poisonPolicy: 'dead-letter', deadLetterQueue: `${name}-dlq` }),
  });
  const settled = fromEventPattern((listener) => strategy.on('settled', listener)).pipe(take(deliveries), toArray());
  const all = firstValueFrom(settled);
  const app = closeLater(await ThriftFactory.createMicroservice(JobsModule, strategy, { logger: false }));
  await app.listen();
  await all;
  await closeAll();
  return linesOf(spans.all()).map((line) => line.replaceAll(name, 'q'));
}
