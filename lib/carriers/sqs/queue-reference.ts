import { QueueError } from '../../queue/queue-error.js';

/** Identifies a queue by the parts of the `queue` option. */
export interface QueueReference {
  readonly name: string;
  /** Set if the queue was given by URL. Requests carry the URL unchanged. */
  readonly url?: string;
  /** Account that owns the queue, from an ARN. */
  readonly accountId?: string;
  /** Region from the ARN, or from an AWS host in the URL. */
  readonly region?: string;
  /**
   * Origin of a URL whose host is not a public AWS host (an emulator, a VPC endpoint). Requests
   * must go to this origin.
   */
  readonly origin?: string;
}

const NAME = /^(?:[A-Za-z0-9_-]{1,80}|[A-Za-z0-9_-]{1,75}\.fifo)$/;
const ARN = /^arn:[a-z0-9-]+:sqs:([a-z0-9-]+):(\d{12}):(.+)$/;
const REGION = /^[a-z]{2,4}(?:-[a-z]+)+-\d+$/;

/**
 * Parses a queue's name, URL or ARN.
 *
 * @throws QueueError of kind `invalid` for anything else
 */
export function parseQueueReference(queue: string): QueueReference {
  if (typeof queue !== 'string' || queue === '') throw invalid('it is empty');
  if (queue.startsWith('arn:')) return fromArn(queue);
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(queue)) return fromUrl(queue);
  return { name: checkedName(queue) };
}

function fromArn(arn: string): QueueReference {
  const [, region, accountId, name] = ARN.exec(arn) ?? [];
  if (region === undefined || accountId === undefined || name === undefined) {
    throw invalid('an ARN has the form arn:aws:sqs:<region>:<account>:<name>');
  }
  return { name: checkedName(name), region, accountId };
}

function fromUrl(text: string): QueueReference {
  if (!URL.canParse(text)) throw invalid('the URL cannot be read');
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw invalid('the URL must start with http:// or https://');
  if (url.username !== '' || url.password !== '') throw invalid('the URL must not contain a user name or a password');
  const name = checkedName(url.pathname.split('/').filter(Boolean).at(-1) ?? '');
  const region = regionOfHost(url.hostname);
  return {
    name,
    url: text,
    ...(region !== undefined && { region }),
    ...(!isPublicAwsHost(url.hostname) && { origin: url.origin }),
  };
}

/**
 * Finds the region in `sqs.<region>.…`, `sqs-fips.<region>.…`, `<vpce>.sqs.<region>.vpce.…` and the
 * old `<region>.queue.…`.
 */
function regionOfHost(host: string): string | undefined {
  const labels = host.split('.');
  return labels.find(
    (label, at) => REGION.test(label) && (/^sqs(-fips)?$/.test(labels[at - 1] ?? '') || labels[at + 1] === 'queue'),
  );
}

/**
 * True if the SDK reaches a host by region alone. A VPC endpoint also belongs to AWS, but only its
 * own host reaches the endpoint.
 */
function isPublicAwsHost(host: string): boolean {
  return /\.(?:amazonaws\.(?:com|com\.cn|eu)|api\.aws)$/.test(host) && !host.includes('.vpce.');
}

function checkedName(name: string): string {
  if (!NAME.test(name))
    throw invalid('a queue name has up to 80 letters, digits, hyphens and underscores, and may end in .fifo');
  return name;
}

function invalid(reason: string): QueueError {
  return new QueueError(`the option "queue" must be a queue's name, URL or ARN; ${reason}.`, {
    code: 'InvalidQueueReference',
    kind: 'invalid',
    queue: '',
  });
}
