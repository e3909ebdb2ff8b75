import { Controller } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { lastValueFrom } from 'rxjs';
import { startWorker, type TestClient, type Worker } from './harness.js';

/** A worker that was sent one `run` call. */
export interface Delivered extends Worker {
  /** Number of calls of the handler so far. */
  readonly calls: () => number;
}

/** Emits one `run` call and waits until it is stored. */
export function sendOne(client: TestClient): Promise<unknown> {
  return lastValueFrom(client.emit('run', { job: { id: 1 } }));
}

/** A worker whose handler of `run` behaves as given on the first delivery and succeeds on later ones. */
export async function deliver(first: () => unknown, decorate: MethodDecorator[] = []): Promise<Delivered> {
  let calls = 0;
  @Controller()
  class JobsController {
    run(): unknown {
      calls += 1;
      return calls === 1 ? first() : undefined;
    }
  }
  const descriptor = Object.getOwnPropertyDescriptor(JobsController.prototype, 'run')!;
  for (const decorator of [EventPattern<string>('run'), ...decorate])
    decorator(JobsController.prototype, 'run', descriptor);
  const worker = await startWorker({ controllers: [JobsController], before: sendOne });
  return { ...worker, calls: () => calls };
}

/** A promise with its handle. */
export function gate(): { opened: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}
