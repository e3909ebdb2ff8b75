import { messageOf } from '../diagnostics/error-text.js';
import type { Often } from './repeated-lines.js';

/** Lists the methods needed of Nest's `LoggerService`, whose own methods return `any`. */
export interface EventLogger {
  log(message: string): void;
  warn(message: string): void;
  error(message: string, stack?: string): void;
}

export interface LogLine {
  readonly level: keyof EventLogger;
  readonly text: string;
  /**
   * Kind of the problem. Only a few lines of one kind are written. A line without a kind is always
   * written.
   */
  readonly kind?: string;
  /**
   * Outage that the line begins or ends. The end of an outage is written only if its begin was.
   */
  readonly outage?: { readonly begins?: string; readonly ends?: string };
  /** Limit of the lines of this kind. Default: one line every ten seconds. */
  readonly often?: Often;
  /** Returns the stack, if there is one. A line with a stack is logged as an error. */
  readonly stack?: () => string | undefined;
}

/** Formats the cause of an event as the end of a text. Empty without a cause. */
export function because(error: unknown): string {
  return error === undefined ? '' : `: ${messageOf(error)}`;
}
