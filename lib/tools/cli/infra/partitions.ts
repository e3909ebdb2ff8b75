import { partitionId } from '../../../carriers/sqs/sqs-host.js';
import { printable } from '../../../common/printable.js';

/** Matches the regions of the partition `aws`, as the partitions of the AWS SDK list them. */
const COMMERCIAL = /^(?:us|eu|ap|sa|ca|me|af|il|mx)-[a-z]+-\d+$/;

/** Names the place of a resource, as an option gives it. */
interface Place {
  readonly option: string;
  readonly partition: string;
  /** Empty in the ARN of a global resource. */
  readonly region: string;
}

/** Options that name places. */
interface PlaceOptions {
  readonly region: string | undefined;
  readonly topic: string | undefined;
  readonly kmsKey: string | undefined;
  readonly alarms: { readonly actions: readonly string[] } | undefined;
}

/**
 * Returns the partition of a region, such as `aws-cn`.
 *
 * @throws TypeError the text is no region, or the partition of the region is unknown
 */
export function partitionOf(region: string, option = 'region'): string {
  const id = partitionId(region);
  if (id !== 'aws' || COMMERCIAL.test(region)) return id;
  throw new TypeError(`${option} must be a region, such as eu-west-1, got ${printable(region, 32)}`);
}

/**
 * Checks that options name places of one partition, and a key in the region of the queues.
 *
 * @throws TypeError a region is unknown, or two places contradict each other
 */
export function checkPlaces({ region, topic, kmsKey, alarms }: PlaceOptions): void {
  const places = [
    ...(region === undefined ? [] : [{ option: 'region', partition: partitionOf(region), region }]),
    ...(topic === undefined ? [] : [placeOfArn('topic', topic)]),
    ...(kmsKey === undefined ? [] : [placeOfArn('kmsKey', kmsKey)]),
    ...(alarms?.actions ?? []).map((arn) => placeOfArn('alarms.actions', arn)),
  ];
  const [first, ...others] = places;
  const other = others.find(({ partition }) => partition !== first!.partition);
  if (other !== undefined) {
    throw new TypeError(
      `${other.option} is in the partition ${other.partition}, and ${first!.option} is in ${first!.partition}. Name resources of one partition.`,
    );
  }
  const key = places.find(({ option }) => option === 'kmsKey');
  if (key === undefined || region === undefined || key.region === region) return;
  throw new TypeError(
    `kmsKey is in ${key.region}, and region is ${region}. SQS accepts keys of its own region only; name such a key.`,
  );
}

/** @throws TypeError the region of the ARN is in another partition */
function placeOfArn(option: string, arn: string): Place {
  const [, partition = '', , region = ''] = arn.split(':');
  const wanted = region === '' ? partition : partitionOf(region, `the region of ${option}`);
  if (partition === wanted) return { option, partition, region };
  throw new TypeError(`${option} names the partition ${partition}, and ${region} is in ${wanted}. Correct the ARN.`);
}
