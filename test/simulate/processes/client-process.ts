import { BaseThriftClient } from '#lib/nest/client/base-thrift-client.js';
import { ThriftRecord } from '#lib/nest/thrift.record-builder.js';
import type { MessageSender } from '#lib/queue/queue.js';
import { service } from '../model/contract.js';
import { Link } from '../network/link.js';
import { RemoteQueue } from '../network/remote-queue.js';
import type { CallPlan, ClientPlan } from '../plan.js';
import type { EmitRecord } from '../records.js';
import { SimProcess } from '../sim-process.js';
import { logTo, named } from './logs.js';
import type { World } from './world.js';

/** A process with a Nest client that emits calls. */
export class ClientProcess {
  readonly process: SimProcess;
  private readonly client;

  constructor(
    private readonly plan: ClientPlan,
    name: string,
    private readonly world: World,
  ) {
    const process = new SimProcess('client', name, world.scheduler, world.journal);
    this.process = process;
    const link = new Link(process, world.fates);
    const open = async (): Promise<MessageSender> => {
      const end = world.queue.open(name);
      const about = end.name;
      await link.request({ verb: 'open', queue: end.name, about, execute: () => Promise.resolve() });
      process.record.openAt ??= world.scheduler.now();
      return new RemoteQueue(end, link, process);
    };
    const { record } = process;
    logTo(name, (text) => record.logs.push({ at: world.scheduler.now(), text }));
    const Client = named(
      class extends BaseThriftClient {
        protected override openQueue(): Promise<MessageSender> {
          return open();
        }
      },
      name,
    );
    this.client = new Client({ ...plan.options, service }, process.clock);
    this.client.status.subscribe((status) => {
      record.statuses.push({ at: world.scheduler.now(), status });
      process.note(`has the status ${status}`);
    });
  }

  get name(): string {
    return this.plan.name;
  }

  /** Emits a call, unless the process has ended. */
  emit(call: CallPlan): void {
    const { process, world } = this;
    const { record } = process;
    if (record.stopAt !== undefined || record.crashedAt !== undefined) return;
    process.otherClock.setTimer(() => {
      if (record.stopAt !== undefined) return;
      const emit: EmitRecord = { call: call.n, process: record, at: world.scheduler.now() };
      world.journal.emits.push(emit);
      process.note(`emits call ${call.n}`);
      this.client.emit('run', recordOf(call)).subscribe({
        next: (id: string) => this.ended(emit, { id }),
        error: (error: { code?: string; name: string }) => this.ended(emit, { error: error.code ?? error.name }),
      });
    }, 0);
  }

  stop(): void {
    this.process.stop(() => this.client.close());
  }

  private ended(emit: EmitRecord, result: { readonly id: string } | { readonly error: string }): void {
    Object.assign(emit, result, { endedAt: this.world.scheduler.now() });
    this.process.note(`call ${emit.call} is ${'id' in result ? `stored as ${result.id}` : `refused: ${result.error}`}`);
  }
}

function recordOf({ n, group, deduplicationId, delaySeconds }: CallPlan): ThriftRecord {
  return new ThriftRecord(
    { n },
    {
      ...(group !== undefined && { groupId: group }),
      ...(deduplicationId !== undefined && { deduplicationId }),
      ...(delaySeconds !== undefined && { delaySeconds }),
    },
  );
}
