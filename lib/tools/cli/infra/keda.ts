import { plainHost } from '../../../carriers/sqs/sqs-host.js';
import type { Infrastructure, ScalerResource } from './infrastructure.js';
import type { QueuePlace } from './iam.js';

/** Renders a ScaledObject of KEDA for the workers of each queue, in YAML. */
export function renderKeda({ scalers }: Infrastructure, place: QueuePlace): string {
  return scalers.map((scaler) => scaledObject(scaler, place)).join('\n---\n');
}

/** Text in quotes is text in YAML too, also where it looks like a number. */
function scaledObject(scaler: ScalerResource, { region, account }: QueuePlace): string {
  const { queue, deployment, namespace, authentication } = scaler;
  return [
    'apiVersion: keda.sh/v1alpha1',
    'kind: ScaledObject',
    'metadata:',
    `  name: ${JSON.stringify(deployment)}`,
    ...(namespace === undefined ? [] : [`  namespace: ${JSON.stringify(namespace)}`]),
    'spec:',
    '  scaleTargetRef:',
    `    name: ${JSON.stringify(deployment)}`,
    `  minReplicaCount: ${scaler.minReplicas}`,
    `  maxReplicaCount: ${scaler.maxReplicas}`,
    '  cooldownPeriod: 120',
    '  triggers:',
    '    - type: aws-sqs-queue',
    '      authenticationRef:',
    `        name: ${JSON.stringify(authentication)}`,
    '      metadata:',
    `        queueURL: ${JSON.stringify(`https://${plainHost(region)}/${account}/${queue.name}`)}`,
    `        awsRegion: ${JSON.stringify(region)}`,
    `        queueLength: "${scaler.queueLength}"`,
    `        activationQueueLength: "${scaler.activationQueueLength}"`,
    // A message that a worker has in hand needs its pod.
    '        scaleOnInFlight: "true"',
  ].join('\n');
}
