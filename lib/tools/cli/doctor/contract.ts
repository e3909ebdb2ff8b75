import type { Contract, ContractMethod } from '../../../event/contract.js';
import { withPrefix } from '../../../queue/derived-names.js';
import { count } from '../text.js';
import type { QueueFacts } from './facts.js';
import { fail, ok, warn, type CheckResult } from './check-result.js';

/** Checks that the annotations of the IDL fit the queue. */
export function checkContract(
  { name, attributes }: QueueFacts,
  contract: Contract | undefined,
  prefix: string | undefined,
): readonly CheckResult[] {
  if (contract === undefined) return [];
  const methods = contract.oneway();
  if (methods.length === 0) {
    return [
      fail(
        'contract',
        'the IDL has no oneway method, so a queue carries none of its calls',
        'Declare methods "oneway void".',
      ),
    ];
  }
  const here = methods.filter(({ route }) => route.queue === undefined || withPrefix(route.queue, prefix) === name);
  const elsewhere = methods.filter((method) => !here.includes(method));
  const fifo = name.endsWith('.fifo') ? checkFifo(here, attributes?.['ContentBasedDeduplication'] === 'true') : [];
  if (here.length === 0) return [otherQueues(elsewhere)];
  return fifo.length > 0 ? fifo : [ok('contract', hereText(here.length, elsewhere, prefix))];
}

function hereText(here: number, elsewhere: readonly ContractMethod[], prefix: string | undefined): string {
  const text = `${count(here, 'oneway method')} of the IDL`;
  if (elsewhere.length === 0) return text;
  const queues = [...new Set(elsewhere.map(({ route }) => withPrefix(route.queue, prefix)))].join(', ');
  return `${text} for this queue, and ${elsewhere.length} for ${queues}`;
}

function otherQueues(methods: readonly ContractMethod[]): CheckResult {
  const queues = [...new Set(methods.map(({ route }) => route.queue))].join(', ');
  return warn(
    'contract',
    `no method of the IDL goes to this queue: sqs.queue sends ${names(methods)} to ${queues}`,
    'Correct sqs.queue, --queue or --prefix, or map the name with the client option queueNames.',
  );
}

function checkFifo(methods: readonly ContractMethod[], byContent: boolean): readonly CheckResult[] {
  const groupless = methods.filter(({ route }) => route.groupId === undefined);
  const undeduplicated = byContent ? [] : methods.filter(({ route }) => route.deduplicationId === undefined);
  return [
    ...(groupless.length === 0
      ? []
      : [
          warn(
            'contract',
            `${names(groupless)} without sqs.group: a FIFO queue refuses calls without a group`,
            'Annotate them with (sqs.group = "parameter.field"), or give a groupId with each call.',
          ),
        ]),
    ...(undeduplicated.length === 0
      ? []
      : [
          warn(
            'contract',
            `${names(undeduplicated)} without sqs.dedup, and the queue has no content-based deduplication, so it refuses calls without a deduplicationId`,
            'Annotate them with (sqs.dedup = "parameter.field"), or set ContentBasedDeduplication.',
          ),
        ]),
  ];
}

function names(methods: readonly ContractMethod[]): string {
  return methods.map(({ service, fn }) => `${service.name}.${fn.name}`).join(', ');
}
