import { describe, expect, it } from '@jest/globals';
import { renderCdk } from '../../../../lib/tools/cli/infra/cdk.js';
import { renderCloudFormation } from '../../../../lib/tools/cli/infra/cloudformation.js';
import { renderIam } from '../../../../lib/tools/cli/infra/iam.js';
import { renderKeda } from '../../../../lib/tools/cli/infra/keda.js';
import { partitionOf } from '../../../../lib/tools/cli/infra/partitions.js';
import { renderTerraform } from '../../../../lib/tools/cli/infra/terraform.js';
import { plan } from './planning.js';

const ACCOUNT = '111122223333';
const arn = (service: string, region: string, partition = 'aws') =>
  `arn:${partition}:${service}:${region}:${ACCOUNT}:${service === 'kms' ? 'key/1234' : 'news'}`;

const REGIONS = [
  ['eu-west-1', 'aws', 'amazonaws.com'],
  ['mx-central-1', 'aws', 'amazonaws.com'],
  ['cn-north-1', 'aws-cn', 'amazonaws.com.cn'],
  ['us-gov-east-1', 'aws-us-gov', 'amazonaws.com'],
  ['us-iso-east-1', 'aws-iso', 'c2s.ic.gov'],
  ['us-isob-east-1', 'aws-iso-b', 'sc2s.sgov.gov'],
  ['eu-isoe-west-1', 'aws-iso-e', 'cloud.adc-e.uk'],
  ['us-isof-south-1', 'aws-iso-f', 'csp.hci.ic.gov'],
  ['eusc-de-east-1', 'aws-eusc', 'amazonaws.eu'],
] as const;

describe('the partition of a deployment', () => {
  const { infrastructure } = plan(['Jobs'], { largePayloads: { bucket: 'bodies', prefix: 'calls/' } });

  it.each([
    ['Terraform', renderTerraform, '"arn:${data.aws_partition.current.partition}:s3:::bodies/calls/*"'],
    ['the CDK', renderCdk, '`arn:${this.partition}:s3:::bodies/calls/*`'],
    ['CloudFormation', renderCloudFormation, '"Fn::Sub": "arn:${AWS::Partition}:s3:::bodies/calls/*"'],
  ] as const)('is left to %s, which knows it when it deploys', (_, render, text) => {
    expect(render(infrastructure)).toContain(text);
    expect(render(infrastructure)).not.toContain('arn:aws:s3');
  });

  it('is a data source of Terraform only if a policy names a bucket', () => {
    const data = 'data "aws_partition" "current" {}';
    expect(renderTerraform(infrastructure).split('\n\n')).toContain(data);
    expect(renderTerraform(plan(['Jobs']).infrastructure)).not.toContain('aws_partition');
  });

  it.each(REGIONS)('follows from the region %s in the formats iam and keda: %s', (region, partition, suffix) => {
    const place = { region, account: ACCOUNT };
    expect(plan(['Jobs'], place).options.region).toBe(region);
    expect(partitionOf(region)).toBe(partition);
    const policies = renderIam(infrastructure, place);
    expect(policies).toContain(`"arn:${partition}:sqs:${region}:${ACCOUNT}:jobs"`);
    expect(policies).toContain(`"arn:${partition}:s3:::bodies"`);
    expect(renderKeda(infrastructure, place)).toContain(`"https://sqs.${region}.${suffix}/${ACCOUNT}/jobs"`);
  });
});

describe('options of places', () => {
  const topic = arn('sns', 'cn-north-1', 'aws-cn');
  const kmsKey = arn('kms', 'cn-north-1', 'aws-cn');

  it('may name a topic of another region, and all that is in one partition', () => {
    const options = { queue: 'open', topic, kmsKey: arn('kms', 'cn-northwest-1', 'aws-cn'), region: 'cn-northwest-1' };
    expect(plan(['Open'], options).options.topic).toBe(topic);
  });

  it.each<[object, string]>([
    [{ region: 'xx-nowhere-1' }, 'region must be a region, such as eu-west-1, got'],
    [{ region: 'us-moon-east-1' }, 'region must be a region'],
    [{ region: 5 }, 'region must be text, got 5'],
    [{ region: 'eu-west-1', topic }, 'topic is in the partition aws-cn, and region is in aws'],
    [{ region: 'eu-west-1', kmsKey }, 'kmsKey is in the partition aws-cn, and region is in aws'],
    [{ topic: arn('sns', 'eu-west-1'), kmsKey }, 'kmsKey is in the partition aws-cn, and topic is in aws'],
    [{ topic, alarms: { actions: [arn('sns', 'eu-west-1')] } }, 'alarms.actions is in the partition aws, and topic'],
    [{ region: 'eu-west-1', kmsKey: arn('kms', 'us-east-1') }, 'kmsKey is in us-east-1, and region is eu-west-1'],
    [{ kmsKey: arn('kms', 'cn-north-1') }, 'kmsKey names the partition aws, and cn-north-1 is in aws-cn'],
    [{ kmsKey: arn('kms', 'zz-east-1') }, 'the region of kmsKey must be a region, such as eu-west-1'],
  ])('are refused if they are unknown or contradict each other: %j', (options, text) => {
    expect(() => plan(['Open'], { queue: 'open', ...options })).toThrow(text);
  });
});
