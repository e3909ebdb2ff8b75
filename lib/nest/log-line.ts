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
  /** Returns the text. Called only if the line is written. */
  readonly text: () => string;
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

/** Longest name of a class in the kind of a line. */
const LONGEST_NAME = 64;

/**
 * Returns what errors of one cause have in common. Never their text, which a sender may change each time
 * and which takes time to make.
 */
export function classOf(error: unknown): string {
  try {
    if (!(error instanceof Error)) return typeof error;
    const { code, reason } = error as { readonly code?: unknown; readonly reason?: unknown };
    const parts = [error.constructor.name, code, reason].filter((part) => typeof part === 'string');
    return parts.map((part) => part.slice(0, LONGEST_NAME)).join(' ');
  } catch {
    return '';
  }
}

/** Formats the cause of an event as the end of a text. Empty without a cause. */
export function because(error: unknown): string {
  return error === undefined ? '' : `: ${messageOf(error)}`;
}
