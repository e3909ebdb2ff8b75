import { type LinkedItem, LinkedItems } from '../../common/linked-items.js';
import { type Clock, SingleTimer } from '../../queue/clock.js';

/** Work that must end in time. */
interface Task extends LinkedItem<Task> {
  /** Time in ms of the clock. */
  readonly dueAt: number;
  readonly late: () => void;
}

/**
 * Limits the time of work of which there is a lot at once. All tasks have the same time, so the
 * oldest is due first, and one timer serves all of them.
 */
export class Deadlines {
  /** The oldest first. */
  private readonly tasks = new LinkedItems<Task>();
  private readonly timer: SingleTimer;

  constructor(
    private readonly clock: Clock,
    private readonly ms: number,
  ) {
    // Open work keeps the process alive by itself. The timer may outlive it.
    this.timer = new SingleTimer(clock, () => this.check(), { background: true });
  }

  /** Calls back after the time, unless the returned function is called before. */
  start(late: () => void): () => void {
    const task: Task = { before: undefined, after: undefined, dueAt: this.clock.now() + this.ms, late };
    this.tasks.add(task);
    this.timer.start(this.ms);
    return () => void this.tasks.delete(task);
  }

  private check(): void {
    const now = this.clock.now();
    for (let task = this.tasks.first; task !== undefined; task = this.tasks.first) {
      if (task.dueAt > now) return this.timer.start(task.dueAt - now);
      this.tasks.delete(task);
      task.late();
    }
  }
}
