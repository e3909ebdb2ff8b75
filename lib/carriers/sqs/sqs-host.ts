/** Describes a host of Amazon SQS by the parts of its name. */
interface SqsHost {
  readonly region: string;
  /** True for a host with the prefix `sqs-fips`. */
  readonly fips: boolean;
  readonly dualStack: boolean;
  /** True for the endpoint of a VPC. Requests reach it only by its own host. */
  readonly vpc: boolean;
}

/** Names the DNS suffixes of the regions of one AWS partition. */
interface Partition {
  readonly id: string;
  readonly regions: RegExp;
  readonly suffix: string;
  readonly dualStackSuffix: string;
}

/** Matches a region of any partition, also of a partition that is younger than this list. */
const REGION = /^[a-z]{2,4}(?:-[a-z]+)+-\d+$/;

/** Takes the regions that no other partition has. */
const COMMERCIAL = partition('aws', REGION, 'amazonaws.com', 'api.aws');

/** Sources: the partitions of the AWS SDK (`partitions.json`), which its endpoint rules use. */
const PARTITIONS: readonly Partition[] = [
  partition('aws-cn', /^cn-[a-z]+-\d+$/, 'amazonaws.com.cn', 'api.amazonwebservices.com.cn'),
  partition('aws-eusc', /^eusc-[a-z]{2}-[a-z]+-\d+$/, 'amazonaws.eu', 'api.amazonwebservices.eu'),
  partition('aws-iso', /^us-iso-[a-z]+-\d+$/, 'c2s.ic.gov', 'api.aws.ic.gov'),
  partition('aws-iso-b', /^us-isob-[a-z]+-\d+$/, 'sc2s.sgov.gov', 'api.aws.scloud'),
  partition('aws-iso-e', /^eu-isoe-[a-z]+-\d+$/, 'cloud.adc-e.uk', 'api.cloud-aws.adc-e.uk'),
  partition('aws-iso-f', /^us-isof-[a-z]+-\d+$/, 'csp.hci.ic.gov', 'api.aws.hci.ic.gov'),
  partition('aws-us-gov', /^us-gov-[a-z]+-\d+$/, 'amazonaws.com', 'api.aws'),
];

/** Host of the first region, from the time before SQS had others. */
const FIRST_HOST = `queue.${COMMERCIAL.suffix}`;

/**
 * Reads a host of Amazon SQS. Returns undefined for any other host. The forms, in all partitions:
 * `sqs.<region>.…`, `sqs-fips.<region>.…`, both also with the dual-stack suffix and for the endpoint
 * of a VPC, `<region>.queue.…`, and `queue.amazonaws.com` for us-east-1.
 */
export function readSqsHost(hostname: string): SqsHost | undefined {
  const host = hostname.toLowerCase().replace(/\.$/, '');
  if (host === FIRST_HOST) return { region: 'us-east-1', fips: false, dualStack: false, vpc: false };
  const labels = host.split('.');
  return readOldHost(labels) ?? (isService(labels[0] ?? '') ? readHost(labels, false) : readVpcHost(labels));
}

/**
 * Finds the region in a host that is not one of AWS, such as an emulator with the host
 * `sqs.<region>.localhost`.
 */
export function regionInHost(hostname: string): string | undefined {
  const labels = hostname.split('.');
  return labels.find(
    (label, at) => REGION.test(label) && (isService(labels[at - 1] ?? '') || labels[at + 1] === 'queue'),
  );
}

/** True if requests to a host are served by FIPS-validated modules. GovCloud has no other hosts. */
export function servesFips({ region, fips, dualStack }: SqsHost): boolean {
  return fips || (!dualStack && partitionOf(region).id === 'aws-us-gov');
}

/** Returns the host of SQS in a region, as queue URLs have it: without FIPS and dual-stack. */
export function plainHost(region: string): string {
  return `sqs.${region}.${partitionOf(region).suffix}`;
}

/** Returns the id of the partition of a region. Returns `aws` for a region that no other partition has. */
export function partitionId(region: string): string {
  return partitionOf(region).id;
}

/** Reads the labels of a host from its service on. */
function readHost([service, region = '', ...rest]: readonly string[], vpc: boolean): SqsHost | undefined {
  const inVpc = rest[0] === 'vpce';
  const suffix = rest.slice(inVpc ? 1 : 0).join('.');
  const { suffix: plain, dualStackSuffix } = partitionOf(region);
  if (!REGION.test(region) || inVpc !== vpc || ![plain, dualStackSuffix].includes(suffix)) return undefined;
  return { region, fips: service === 'sqs-fips', dualStack: suffix === dualStackSuffix, vpc };
}

/** Reads a host of a VPC endpoint, where the id of the endpoint precedes the service. */
function readVpcHost(labels: readonly string[]): SqsHost | undefined {
  const at = labels.findIndex(isService);
  return at < 0 ? undefined : readHost(labels.slice(at), true);
}

function readOldHost([region = '', queue, ...rest]: readonly string[]): SqsHost | undefined {
  if (queue !== 'queue' || !REGION.test(region) || rest.join('.') !== partitionOf(region).suffix) return undefined;
  return { region, fips: false, dualStack: false, vpc: false };
}

function isService(label: string): boolean {
  return label === 'sqs' || label === 'sqs-fips';
}

function partitionOf(region: string): Partition {
  return PARTITIONS.find(({ regions }) => regions.test(region)) ?? COMMERCIAL;
}

function partition(id: string, regions: RegExp, suffix: string, dualStackSuffix: string): Partition {
  return { id, regions, suffix, dualStackSuffix };
}
