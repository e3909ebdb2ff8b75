import type {
  Message,
  ReceiveMessageResult,
  SendMessageBatchRequestEntry,
  SendMessageBatchResultEntry,
} from '@aws-sdk/client-sqs';
import { warnOnce } from '../../common/warn-once.js';
import { listOf } from './entry-results.js';
import type { WireRequest } from './exchange.js';
import { md5OfAttributes, md5OfBody } from './message-md5.js';
import { readableAttributes } from './received-message.js';

const DIGEST = /^[0-9a-f]{32}$/i;

/** The parts of an entry that SQS computes digests of. */
export type DigestedEntry = Pick<SendMessageBatchRequestEntry, 'MessageBody' | 'MessageAttributes'>;

/** True if SQS stored other content than the entry's, according to the digests of the answer. */
export function isStoredOtherwise(entry: DigestedEntry, stored: SendMessageBatchResultEntry): boolean {
  return (
    contradicts(stored.MD5OfMessageBody, () => md5OfBody(entry.MessageBody ?? '')) ||
    contradicts(stored.MD5OfMessageAttributes, () => md5OfAttributes(entry.MessageAttributes ?? {}))
  );
}

/**
 * Remembers the messages of one receive that changed on the way. Middleware of the client may change
 * messages after their receive, so {@link check} runs before it.
 */
export class ReceivedDigests {
  private readonly changed = new Map<Message, boolean>();

  /** @param md5 false if no digest is checked */
  constructor(private readonly md5: boolean) {}

  /** Checks the messages of an answer. A message that cannot be checked counts as unchanged. */
  check(answer: ReceiveMessageResult, { input }: WireRequest): void {
    const { MessageAttributeNames: names } = (input ?? {}) as { readonly MessageAttributeNames?: unknown };
    // The digest covers all attributes of a message, also those that were not requested.
    const whole = !Array.isArray(names) || names.includes('All') || names.includes('.*');
    for (const message of listOf(answer?.Messages)) this.changed.set(message, this.differs(message, whole));
  }

  /** True if a message changed on the way. Checks a message now that `check` has not seen. */
  readonly isCorrupt = (message: Message): boolean => {
    const checked = this.changed.get(message) ?? this.byReceipt(message.ReceiptHandle);
    return checked ?? this.differs(message, true);
  };

  /** Finds the check of a message that middleware has replaced by another object. */
  private byReceipt(receipt: string | undefined): boolean | undefined {
    for (const [{ ReceiptHandle }, changed] of this.changed) if (ReceiptHandle === receipt) return changed;
    return undefined;
  }

  private differs(message: Message, whole: boolean): boolean {
    const { Body: body = '', MD5OfBody, MD5OfMessageAttributes } = message;
    if (!this.md5 || typeof body !== 'string') return false;
    if (contradicts(MD5OfBody, () => md5OfBody(body))) return true;
    return whole && contradicts(MD5OfMessageAttributes, () => md5OfAttributes(readableAttributes(message)));
  }
}

/**
 * True if a digest proves a difference. An absent, empty or malformed digest proves nothing. Neither
 * does any digest on a platform without MD5, such as Node in FIPS mode.
 */
function contradicts(digest: unknown, compute: () => string): boolean {
  if (typeof digest !== 'string' || !DIGEST.test(digest)) return false;
  try {
    return digest.toLowerCase() !== compute();
  } catch (error) {
    const { code = 'an unknown failure' } = error as { readonly code?: unknown };
    warnOnce(
      'no-md5',
      `this process cannot compute MD5 (${String(code)}), so messages are not checked for changes in transit. Set the option md5 to false to switch off the check and this warning.`,
    );
    return false;
  }
}
