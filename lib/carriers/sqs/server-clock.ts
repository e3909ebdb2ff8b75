import type { SqsClients } from './sqs-clients.js';

/** Describes a server's clock, as seen in the server's answers. */
export interface ServerClock {
  /**
   * Milliseconds by which the clock was ahead of this machine's at the last answer. Absent if no
   * answer contained the time.
   */
  skewMs?: number;
}

/** Reads the server's time from every HTTP answer, including refusals. */
export function watchClock({ main }: SqsClients, clock: ServerClock): void {
  const read = (response: unknown): void => {
    const { headers = {} } = (response ?? {}) as { headers?: Record<string, string> };
    const told = Date.parse(headers['date'] ?? '');
    if (!Number.isNaN(told)) clock.skewMs = told - Date.now();
  };
  main.middlewareStack.add(
    (next) => async (args) => {
      try {
        const result = await next(args);
        read(result.response);
        return result;
      } catch (error) {
        read((error as { $response?: unknown } | undefined)?.$response);
        throw error;
      }
    },
    { step: 'deserialize', priority: 'low', name: 'watchClock' },
  );
}
