import { MessageGroups } from '#lib/consume/message-groups.js';
import { Settler } from '#lib/consume/settler.js';
import type { TrackedLease } from '#lib/consume/tracked-lease.js';
import { RenewalTimer } from '#lib/consume/renewal-timer.js';
import { VisibilityExtender } from '#lib/consume/visibility-extender.js';
import { RequestFollower } from '#lib/diagnostics/request-follower.js';
import { BaseThriftServer } from '#lib/nest/server/base-thrift-server.js';
import { Health } from '#lib/nest/server/health.js';
import { SendBuffer } from '#lib/publish/send-buffer.js';
import { Batcher } from '#lib/queue/batcher.js';
import type { Clock } from '#lib/queue/clock.js';
import { PendingEntries } from '#lib/queue/pending-entries.js';
import { patch, type Undo } from './patch.js';

/** A mistake that is put into the library on purpose. */
export interface Mutant {
  readonly name: string;
  /** The rules that the mistake must break. One of them suffices. */
  readonly rules: readonly string[];
  apply(): Undo;
}

/** Mistakes that the simulation must find. Each changes one method of the library. */
export const MUTANTS: readonly Mutant[] = [
  {
    name: 'acknowledges before the handler has ended',
    rules: ['nothing is acknowledged without success'],
    apply: () =>
      patch(BaseThriftServer, 'dispatch', (dispatch) => async (...args) => {
        void (dispatch(...args) as Promise<void>).catch(() => undefined);
      }),
  },
  {
    name: 'counts the lease from the answer',
    rules: ['no lease runs out in hand'],
    apply: () =>
      patch(VisibilityExtender, 'track', (track, self) => (message) => {
        const { clock } = self.parts as { clock: Clock };
        return track(message, clock.now());
      }),
  },
  {
    name: 'runs two messages of a group at once',
    rules: ['a group runs one message at a time', 'a group is handled in order'],
    apply: () => patch(MessageGroups, 'enqueue', (_enqueue, self) => (delivery) => void self.runAlone!(delivery)),
  },
  {
    name: 'takes a failed entry for a success',
    rules: ['an acknowledged emit is stored', 'a duplicate is reported'],
    apply: () =>
      patch(Batcher, 'settle', () => (entry) => {
        (entry as { resolve: (result: object) => void }).resolve({ ok: true, id: 'none' });
        return true;
      }),
  },
  {
    name: 'leaves a timer behind',
    rules: ['nothing is left after a stop'],
    apply: () => patch(RenewalTimer, 'disarm', (_disarm, self) => () => void Object.assign(self, { at: Infinity })),
  },
  {
    name: 'renews no lease',
    rules: ['no lease runs out in hand'],
    apply: () =>
      patch(VisibilityExtender, 'renew', () => (leases) => {
        for (const lease of leases as TrackedLease[]) lease.dueAt = Infinity;
      }),
  },
  {
    name: 'keeps the messages behind a failed one',
    rules: ['a group is handled in order'],
    apply: () => patch(MessageGroups, 'releaseWaiting', () => () => undefined),
  },
  {
    name: 'stops without waiting for handlers',
    rules: ['nothing is in hand after a stop', 'nothing is left after a stop'],
    apply: () => patch(MessageGroups, 'whenIdle', () => () => Promise.resolve()),
  },
  {
    name: 'resolves an emit before it is stored',
    rules: ['an acknowledged emit is stored'],
    apply: () =>
      patch(SendBuffer, 'send', (send) => (...args) => {
        void (send(...args) as Promise<string>).catch(() => undefined);
        return Promise.resolve('none');
      }),
  },
  {
    name: 'forgets the calls of a failed request',
    rules: ['every emit ends'],
    apply: () => patch(PendingEntries, 'putBack', (_putBack, self) => (entries) => self.free!(entries)),
  },
  {
    name: 'sends calls of a group side by side',
    rules: ['a group is stored in order'],
    apply: () => patch(PendingEntries, 'mustWait', () => () => false),
  },
  {
    name: 'reports a retry as an acknowledgement',
    rules: ['metrics count each settlement'],
    apply: () =>
      patch(Settler, 'report', (report) => (delivery, settlement, result) => {
        const { type } = settlement as { readonly type: string };
        report(delivery, type === 'retry' ? { type: 'ack' } : settlement, result);
      }),
  },
  {
    name: 'reports the end of a delivery twice',
    rules: ['metrics count the end of each delivery'],
    apply: () =>
      patch(Settler, 'reject', (reject, self) => async (delivery, settlement) => {
        await reject(delivery, settlement);
        self.report!(delivery, settlement, { gone: true, fate: 'kept' });
      }),
  },
  {
    name: 'reports a stored call as failed',
    rules: ['metrics count each emit'],
    apply: () =>
      patch(SendBuffer, 'ended', (ended) => (call, result) => {
        const { ok } = result as { readonly ok: boolean };
        ended(call, ok ? { ok: false, error: new Error('by the mutant') } : result);
      }),
  },
  {
    name: 'follows no request',
    rules: ['metrics count each request', 'metrics count each sent message', 'metrics count each received message'],
    apply: () => patch(RequestFollower, 'run', () => (_request, run) => (run as () => unknown)()),
  },
  {
    name: 'notices no outage',
    rules: ['a worker is down in an outage'],
    apply: () => patch(Health, 'note', () => () => undefined),
  },
];
