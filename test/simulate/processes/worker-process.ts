import type { Delivery } from '#lib/consume/delivery.js';
import type { TransportEvent } from '#lib/diagnostics/transport-event.js';
import { BaseThriftServer } from '#lib/nest/server/base-thrift-server.js';
import type { ThriftContext } from '#lib/nest/thrift.context.js';
import { service } from '../model/contract.js';
import type { ModelServer } from '../model/model-end.js';
import { Link } from '../network/link.js';
import { RemoteQueue } from '../network/remote-queue.js';
import { RemoteStore } from '../network/remote-store.js';
import type { Attempt, WorkerPlan } from '../plan.js';
import type { DeliveryRecord, RunRecord } from '../records.js';
import { SimProcess } from '../sim-process.js';
import { attempt } from './attempt.js';
import { logTo, named } from './logs.js';
import type { World } from './world.js';

/** Events about one delivery. */
const ABOUT_DELIVERIES = ['settled', 'settle-failed', 'lease-lost', 'renew-failed'] as const;
const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
type DeliveryEvent = Extract<TransportEvent, { type: (typeof ABOUT_DELIVERIES)[number] }>;
/** Events for the journal only. */
const OTHERS = ['poll-failed', 'poll-recovered', 'loop-delay', 'stalled', 'duplicate', 'idempotency-failed'] as const;

/** A process with a Nest strategy that handles calls. */
export class WorkerProcess {
  readonly process: SimProcess;
  private readonly server;

  constructor(
    private readonly plan: WorkerPlan,
    name: string,
    private readonly world: World,
  ) {
    const process = new SimProcess('worker', name, world.scheduler, world.journal);
    this.process = process;
    const { record } = process;
    const link = new Link(process, world.fates);
    const open = async (source: ModelServer): Promise<RemoteQueue> => {
      const end = source.open(name);
      await link.request({ verb: 'open', queue: end.name, about: end.name, execute: () => Promise.resolve() });
      return new RemoteQueue(end, link, process);
    };
    const Strategy = named(
      class extends BaseThriftServer {
        protected override openQueue(): Promise<RemoteQueue> {
          return open(world.queue);
        }

        protected override openDeadLetterQueue(): Promise<RemoteQueue> {
          return open(world.deadLetters);
        }
      },
      name,
    );
    logTo(name, (line) => {
      // The machine draws event ids, which decide nothing.
      const text = line.replace(UUID, 'with an id of its own');
      record.logs.push({ at: world.scheduler.now(), text });
      process.note(`logs: ${text}`);
    });
    const store = new RemoteStore(world.store, process, world.plan);
    const idempotency = world.plan.idempotency ? { store } : undefined;
    this.server = new Strategy({ ...plan.options, idempotency, onQueueMissing: 'wait', service }, process.clock);
    this.listen();
  }

  get name(): string {
    return this.plan.name;
  }

  /** Stops the strategy, as Nest does at SIGTERM. */
  stop(): void {
    this.process.stop(() => this.server.close());
  }

  private listen(): void {
    const { server, process, world } = this;
    const { record } = process;
    server.status.subscribe((status) => {
      if (status === 'up') record.openAt ??= world.scheduler.now();
      record.statuses.push({ at: world.scheduler.now(), status });
      process.note(`has the status ${status}`);
    });
    for (const type of ABOUT_DELIVERIES) server.on(type, (event: DeliveryEvent) => this.report(event));
    for (const type of OTHERS) server.on(type, (event: TransportEvent) => process.note(`reports ${event.type}`));
    const handler = ({ n }: { n: number }, context: ThriftContext): Promise<void> => this.handle(n, context);
    server.addHandler('run', handler as never, true);
    server.listen((error) => {
      if (error !== undefined) process.note(`cannot start: ${String(error)}`);
    });
  }

  /** Notes the start of a run. */
  private start(call: number, { message }: Delivery): RunRecord {
    const { journal, scheduler } = this.world;
    const delivery = journal.deliveries.get(message.receipt)!;
    const run: RunRecord = { call, delivery, process: this.process.record, startedAt: scheduler.now() };
    delivery.runs.push(run);
    journal.runs.push(run);
    this.process.note(`runs call ${call} of ${message.id} (receive ${delivery.number})`);
    return run;
  }

  private async handle(n: number, context: ThriftContext): Promise<void> {
    const run = this.start(n, context.getArgs()[1]);
    const { world, process } = this;
    const count = world.attempts.get(run.call) ?? 0;
    world.attempts.set(run.call, count + 1);
    const end = (outcome: NonNullable<RunRecord['outcome']>): void => {
      run.outcome = outcome;
      run.endedAt = world.scheduler.now();
      process.note(`call ${run.call} of ${run.delivery.message.id} is ${outcome}`);
    };
    try {
      await attempt(this.attemptOf(run.call, count), context.signal, process, run);
      end(context.signal.aborted ? 'late' : 'ok');
    } catch (error) {
      end('failed');
      throw error;
    }
  }

  /** Returns the plan of an attempt. No handler is endless after the last fault. */
  private attemptOf(call: number, count: number): Attempt {
    const { calls, plan, scheduler } = this.world;
    const { attempts } = calls.get(call)!;
    const planned = attempts[Math.min(count, attempts.length - 1)]!;
    const isEndless = planned.end === 'hang' || planned.end === 'deaf';
    return isEndless && scheduler.now() >= plan.quietAt ? { ...planned, end: 'ok' } : planned;
  }

  private report(event: DeliveryEvent): void {
    const { type, messageId, queue } = event;
    const what = type === 'settled' ? event.outcome : type;
    const fate = type === 'settled' && event.fate ? ` (${event.fate})` : '';
    this.process.note(`reports ${type === 'settled' ? `settled: ${what}` : what}${fate} of ${messageId}`);
    if (queue !== this.world.queue.model.name) return;
    const at = this.world.scheduler.now();
    this.deliveryOf(messageId, what)?.reports.push({ at, what });
  }

  /** Returns the earliest delivery of a message here that has not ended and has no such report, or else the latest. */
  private deliveryOf(messageId: string, what: string): DeliveryRecord | undefined {
    const { journal, queue } = this.world;
    const deliveries = journal.messages.get(`${queue.model.name}/${messageId}`)?.deliveries ?? [];
    const own = deliveries.filter(({ process, readAt }) => process === this.process.name && readAt !== undefined);
    const isOpen = ({ reports }: DeliveryRecord): boolean =>
      !reports.some((report) => isEnd(report.what) || (report.what === what && what === 'lease-lost'));
    return own.find(isOpen) ?? own.at(-1);
  }
}

/** True if a report ends a delivery. */
export function isEnd(what: string): boolean {
  return what !== 'renew-failed' && what !== 'lease-lost';
}
