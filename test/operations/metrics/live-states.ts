import { liveTransports, type SendBufferState, type WorkerState } from '#lib/diagnostics/transport-state.js';

const IDLE: WorkerState = {
  queue: 'jobs',
  status: 'up',
  openReceives: 1,
  slotsTaken: 3,
  slots: 10,
  runningCalls: 2,
  inHand: 2,
  oldestInHandMs: 1500,
  sinceAttemptMs: 100,
  sinceReceiveMs: 2000,
  stalledMs: 0,
  failure: undefined,
};

/** Registers a worker with this state, until {@link forgetStates}. */
export function addWorkerState(state: Partial<WorkerState> = {}): void {
  liveTransports().workers.add({ state: { ...IDLE, ...state } });
}

/** Registers a client with these send buffers, until {@link forgetStates}. */
export function addClientState(...queues: readonly Partial<SendBufferState>[]): void {
  const buffers = queues.map((each) => ({ queue: 'jobs', up: true, bufferedCalls: 5, bufferedBytes: 500, ...each }));
  liveTransports().clients.add({ state: { status: 'up', queues: buffers, failure: undefined } });
}

export function forgetStates(): void {
  liveTransports().workers.clear();
  liveTransports().clients.clear();
}
