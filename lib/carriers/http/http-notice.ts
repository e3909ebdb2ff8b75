/**
 * Reports what people must see of a server, in one sentence: what no client learns, or not every
 * client. Notices of one kind report the same problem.
 *
 * @publicApi
 */
export interface HttpNotice {
  readonly level: 'warn' | 'error';
  readonly kind: string;
  readonly text: string;
}
