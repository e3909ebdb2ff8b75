/**
 * Reports what people must see of a carrier, in one sentence with advice: what no peer learns, or not
 * every peer. Notices of one kind report the same problem.
 *
 * @publicApi
 */
export interface CarrierNotice {
  readonly level: 'warn' | 'error';
  readonly kind: string;
  readonly text: string;
}

/** Takes notices. Must not throw. */
export type CarrierNoticeSink = (notice: CarrierNotice) => void;
