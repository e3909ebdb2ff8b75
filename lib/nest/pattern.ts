import { SEPARATOR } from '../event/contract.js';

/**
 * Reads the method that a pattern names: `'method'`, `'Service:method'`, `{ method }` or
 * `{ service, method }`.
 */
export function methodName(pattern: unknown): { method: string; service?: string } | undefined {
  if (typeof pattern === 'string') {
    const at = pattern.indexOf(SEPARATOR);
    return at > 0 ? { service: pattern.slice(0, at), method: pattern.slice(at + 1) } : { method: pattern };
  }
  if (typeof pattern !== 'object' || pattern === null) return undefined;
  const { service, method } = pattern as { service?: unknown; method?: unknown };
  if (typeof method !== 'string' || (service !== undefined && typeof service !== 'string')) return undefined;
  return { method, ...(service !== undefined && { service }) };
}

/** Returns the key of a method in the handler table: the name of a multiplexed message. */
export function handlerKey(service: string, method: string): string {
  return service + SEPARATOR + method;
}
