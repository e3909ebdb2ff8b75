import type { LoggerService } from '@nestjs/common';

/** A logger that keeps its lines. */
export class Lines implements LoggerService {
  readonly lines: string[] = [];
  readonly log = (): void => undefined;
  readonly warn = (text: unknown): void => void this.lines.push(`warn ${String(text)}`);
  readonly error = (text: unknown): void => void this.lines.push(`error ${String(text)}`);

  /** The lines that contain a text. */
  with(text: string): readonly string[] {
    return this.lines.filter((line) => line.includes(text));
  }
}
