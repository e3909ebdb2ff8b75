import type { TransportEvent } from '../../diagnostics/transport-event.js';
import type { WorkerState } from '../../diagnostics/transport-state.js';
import type { Clock } from '../../queue/clock.js';
import { Health } from './health.js';

/** Status that the observable of a strategy emits. A start and a drain emit nothing. */
type EmittedStatus = Extract<WorkerState['status'], 'up' | 'down' | 'paused' | 'stopped'>;

export interface WorkerStatusParts {
  readonly clock: Pick<Clock, 'now'>;
  readonly visibilityTimeoutSeconds: number;
  /** Takes each status that the observable emits. */
  readonly emit: (status: EmittedStatus) => void;
}

/** Combines the phase of a worker, its pause and its health into one status. */
export class WorkerStatus {
  private readonly health: Health;
  private phase: 'starting' | 'open' | 'stopping' | 'stopped' = 'starting';
  private isPaused = false;
  /** True once a first attempt to open the queue has failed. */
  private isMissing = false;

  constructor(private readonly parts: WorkerStatusParts) {
    this.health = new Health(parts.clock, parts.visibilityTimeoutSeconds);
  }

  /** The status of this moment. */
  get value(): WorkerState['status'] {
    if (this.phase === 'open') return this.openStatus();
    if (this.phase === 'starting' && this.isDownAtStart()) return 'down';
    return this.phase;
  }

  /** Text of the last failure while the status is `down`. */
  get failure(): string | undefined {
    return this.value === 'down' ? this.health.failure : undefined;
  }

  /** Updates the health from an event of the worker. */
  note(event: TransportEvent): void {
    const changed = this.health.note(event);
    // A handler that was given up may still settle its message.
    if (changed && this.phase !== 'stopped') this.emit();
  }

  /** Notes that the first attempt to open the queue failed, and others follow. */
  missing(): void {
    this.isMissing = true;
    this.emit();
  }

  /** Notes that the queue is open. */
  opened(): void {
    this.phase = 'open';
    this.emit();
  }

  pause(isPaused: boolean): void {
    this.isPaused = isPaused;
    if (this.phase === 'open') this.emit();
  }

  stopping(): void {
    this.phase = 'stopping';
  }

  stopped(): void {
    this.phase = 'stopped';
    this.parts.emit('stopped');
  }

  private openStatus(): 'up' | 'down' | 'paused' {
    if (this.isPaused) return 'paused';
    return this.health.isWell() ? 'up' : 'down';
  }

  private isDownAtStart(): boolean {
    return this.isMissing || !this.health.isWell();
  }

  /** Emits nothing new before the queue is open, except that it does not open. */
  private emit(): void {
    if (this.phase !== 'starting') this.parts.emit(this.openStatus());
    else if (this.isDownAtStart()) this.parts.emit('down');
  }
}
