import type { ProtocolName } from 'nestjs-sqs-thrift/codec';
import { PROTOCOLS } from '../../vectors/protocols.js';

export const LANGUAGES = ['nest', 'python', 'java', 'go'] as const;
export type Language = (typeof LANGUAGES)[number];

export const PACKINGS = ['single', 'packed'] as const;
type Packing = (typeof PACKINGS)[number];

/** One producer, one consumer, and how calls go from one to the other: in a queue of its own. */
export interface Cell {
  readonly producer: Language;
  readonly consumer: Language;
  readonly protocol: ProtocolName;
  readonly packing: Packing;
  readonly queue: string;
}

/** All cells of these languages. */
export function cellsOf(languages: readonly Language[]): readonly Cell[] {
  return languages.flatMap((producer) =>
    languages.flatMap((consumer) =>
      PROTOCOLS.flatMap((protocol) =>
        PACKINGS.map((packing) => ({
          producer,
          consumer,
          protocol,
          packing,
          queue: `${producer}-${consumer}-${protocol}-${packing}`,
        })),
      ),
    ),
  );
}
