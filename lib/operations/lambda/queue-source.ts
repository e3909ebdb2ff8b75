import { parseQueueReference, type QueueReference } from '../../carriers/sqs/queue-reference.js';
import { readSqsHost } from '../../carriers/sqs/sqs-host.js';

/** The parts of a queue that an ARN of an event has to match. Absent parts match any. */
type KnownParts = Pick<QueueReference, 'name' | 'accountId' | 'region'>;

/** Recognizes the events of one queue. */
export class QueueSource {
  private readonly parts: KnownParts;
  private pinned: string | undefined;

  /** @param given name, URL or ARN of the queue */
  constructor(readonly given: string) {
    this.parts = partsOf(given);
    if (given.startsWith('arn:')) this.pinned = given;
  }

  /** ARN of the queue. Undefined before the first event if the queue is not given by ARN. */
  get arn(): string | undefined {
    return this.pinned;
  }

  /** True if events with the ARN come from the queue. A name can stand for one queue only. */
  matches(arn: string): boolean {
    if (this.pinned !== undefined) return this.pinned === arn;
    try {
      return arn.startsWith('arn:') && overlap(this.parts, partsOf(arn));
    } catch {
      return false;
    }
  }

  /** Takes the ARN of an event, which holds for all later events. */
  pin(arn: string): void {
    this.pinned ??= arn;
  }

  /** True if an ARN may match both sources. */
  overlaps({ parts }: QueueSource): boolean {
    return overlap(this.parts, parts);
  }
}

function overlap(one: KnownParts, other: KnownParts): boolean {
  return (['name', 'accountId', 'region'] as const).every((part) => {
    const [a, b] = [one[part], other[part]];
    return a === undefined || b === undefined || a === b;
  });
}

/** Reads the parts. The URL of an emulator names the queue only. */
function partsOf(given: string): KnownParts {
  const { name, url, accountId, region } = parseQueueReference(given);
  if (url === undefined) return { name, ...(accountId && { accountId }), ...(region && { region }) };
  const { hostname, pathname } = new URL(url);
  const host = readSqsHost(hostname);
  const account = /^\/(\d{12})\//.exec(pathname)?.[1];
  return host === undefined ? { name } : { name, region: host.region, ...(account && { accountId: account }) };
}
