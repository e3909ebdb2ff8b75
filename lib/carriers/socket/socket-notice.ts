/**
 * Reports what people must see of a server or a client, in one sentence with advice. Notices of one
 * kind report the same problem.
 *
 * @publicApi
 */
export interface SocketNotice {
  readonly level: 'warn' | 'error';
  readonly kind: string;
  readonly text: string;
}

/** Takes notices. Must not throw. */
export type SocketNoticeSink = (notice: SocketNotice) => void;
