import { printable } from '../../common/printable.js';
import { QueueError } from '../../queue/queue-error.js';
import { plainHost, readSqsHost, regionInHost } from './sqs-host.js';

/** Identifies a queue by the parts of the `queue` option. */
export interface QueueReference {
  readonly name: string;
  /** Set if the queue was given by URL. Requests carry the URL unchanged. */
  readonly url?: string;
  /** Account that owns the queue, from an ARN. */
  readonly accountId?: string;
  /** Region from the ARN, or from the host of the URL. */
  readonly region?: string;
  /** True if the URL has a FIPS host of AWS. */
  readonly fips?: boolean;
  /** True if the URL has a dual-stack host of AWS. */
  readonly dualStack?: boolean;
  /**
   * Origin of a URL whose host is no public host of SQS (an emulator, a VPC endpoint). Requests must
   * go to this origin.
   */
  readonly origin?: string;
}

const NAME = /^(?:[A-Za-z0-9_-]{1,80}|[A-Za-z0-9_-]{1,75}\.fifo)$/;
const ARN = /^arn:[a-z0-9-]+:sqs:([a-z0-9-]+):(\d{12}):(.+)$/;

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

/**
 * Returns the URL of a queue that was given by its ARN.
 *
 * @param endpoint origin of a custom endpoint; default: the host of SQS in the region
 */
export function urlOfArn({ name, accountId = '', region = '' }: QueueReference, endpoint?: string): string {
  return `${endpoint ?? `https://${plainHost(region)}`}/${accountId}/${name}`;
}

/** Returns the URL of another queue at the host of a queue URL. An ARN names the account, too. */
export function urlBeside(url: string, { name, accountId }: QueueReference): string {
  const beside = new URL(url);
  const folders = beside.pathname.split('/').filter(Boolean).slice(0, -1);
  const path = folders.map((folder) => (accountId !== undefined && /^\d{12}$/.test(folder) ? accountId : folder));
  beside.pathname = [...path, name].join('/');
  return beside.href;
}

function fromArn(arn: string): QueueReference {
  const [, region, accountId, name] = ARN.exec(arn) ?? [];
  if (region === undefined || accountId === undefined || name === undefined) {
    throw invalid('an ARN has the form arn:aws:sqs:<region>:<account>:<name>');
  }
  return { name: checkedName(name), region, accountId };
}

function fromUrl(text: string): QueueReference {
  const url = checkedUrl(text);
  const [name = ''] = url.pathname.split('/').filter(Boolean).slice(-1);
  return { name: checkedName(name), url: text, ...hostParts(url) };
}

/** The SDK reaches a public host by region and flavour. Any other host is reached by itself only. */
function hostParts({ hostname, port, origin }: URL): Partial<QueueReference> {
  const host = readSqsHost(hostname);
  const region = host === undefined ? regionInHost(hostname) : host.region;
  const isPublic = host !== undefined && !host.vpc && port === '';
  return {
    ...(region !== undefined && { region }),
    ...(host?.fips === true && { fips: true }),
    ...(host?.dualStack === true && { dualStack: true }),
    ...(!isPublic && { origin }),
  };
}

function checkedUrl(text: string): URL {
  if (!URL.canParse(text)) throw invalid('the URL cannot be read');
  const url = new URL(text);
  if (!/^https?:$/.test(url.protocol)) throw invalid('the URL must start with http:// or https://');
  if (url.username !== '' || url.password !== '') throw invalid('the URL must not contain a user name or a password');
  return url;
}

function checkedName(name: string): string {
  if (!NAME.test(name))
    throw invalid(
      `a queue name has up to 80 letters, digits, hyphens and underscores, and may end in .fifo, got ${printable(name)}`,
    );
  return name;
}

function invalid(reason: string): QueueError {
  return new QueueError(`the option "queue" must be a queue's name, URL or ARN; ${reason}.`, {
    code: 'InvalidQueueReference',
    kind: 'invalid',
    queue: '',
  });
}
