import type { EmbeddedQueue, EmbeddedSqs } from '#lib/testing.js';
import type { Template, TemplateResource } from '#lib/tools/cli/infra/cloudformation.js';
import { call } from '../../../fakes/sqs/call.js';

/** Account of every queue of the embedded server. */
const ACCOUNT = '000000000000';

/** Converts properties of `AWS::SQS::Queue` to attributes of CreateQueue, all of them text. */
function attributesOf(properties: TemplateResource['Properties'], resolve: (value: unknown) => unknown) {
  const entries = Object.entries(properties).filter(([name]) => name !== 'QueueName');
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(resolve(value)) : String(value)]),
  );
}

/**
 * Creates the queues, policies of queues and subscriptions of a template, as CloudFormation does: each resource after those that it
 * refers to. Fails for a reference that leads nowhere, and for a circle.
 */
export async function applyTemplate(sqs: EmbeddedSqs, { Resources }: Template): Promise<Map<string, EmbeddedQueue>> {
  const queues = new Map<string, EmbeddedQueue>();
  const resolve = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map(resolve);
    if ('Fn::GetAtt' in value) return queueOf((value['Fn::GetAtt'] as string[])[0]!).arn;
    if ('Ref' in value) return queueOf(value.Ref as string).url;
    if ('Fn::Sub' in value) return substituted(value['Fn::Sub'] as string, sqs.region);
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, resolve(each)]));
  };
  const queueOf = (id: string): EmbeddedQueue => {
    const queue = queues.get(id);
    if (queue === undefined) throw new Error(`the template refers to ${id} before it exists`);
    return queue;
  };
  for (const [id, { Type, Properties }] of inOrder(Resources)) {
    if (Type === 'AWS::SQS::Queue') {
      const attributes = attributesOf(Properties, resolve);
      queues.set(id, await sqs.createQueue(Properties['QueueName'] as string, { attributes }));
    } else if (Type === 'AWS::SQS::QueuePolicy') {
      const [QueueUrl] = resolve(Properties['Queues']) as [string];
      const Policy = JSON.stringify(resolve(Properties['PolicyDocument']));
      const { status } = await call(sqs, 'SetQueueAttributes', { QueueUrl, Attributes: { Policy } });
      if (status !== 200) throw new Error(`the policy ${id} was refused`);
    } else if (Type === 'AWS::SNS::Subscription') {
      const raw = Properties['RawMessageDelivery'] as boolean;
      await sqs.subscribe(Properties['TopicArn'] as string, resolve(Properties['Endpoint']) as string, { raw });
    }
  }
  return queues;
}

function substituted(text: string, region: string): string {
  return text
    .replaceAll('${AWS::Partition}', 'aws')
    .replaceAll('${AWS::Region}', region)
    .replaceAll('${AWS::AccountId}', ACCOUNT);
}

/** Orders resources by their references, which GetAtt and Ref make. */
function inOrder(resources: Template['Resources']): readonly (readonly [string, TemplateResource])[] {
  const ordered: [string, TemplateResource][] = [];
  const open = new Map(Object.entries(resources));
  while (open.size > 0) {
    const ready = [...open].find(([, each]) => referencesOf(each).every((id) => !open.has(id)));
    if (ready === undefined) throw new Error(`the references of ${[...open.keys()].join(', ')} form a circle`);
    ordered.push(ready);
    open.delete(ready[0]);
  }
  return ordered;
}

function referencesOf(resource: TemplateResource): readonly string[] {
  const text = JSON.stringify(resource.Properties);
  return [...text.matchAll(/"Fn::GetAtt":\["(\w+)"|"Ref":"(\w+)"/g)].map(([, one, other]) => one ?? other!);
}
