import { entriesOf, runEntries } from './batch.js';
import { attributesOf, optionalText, type Input } from './input.js';
import { md5OfAttributes, md5OfBody } from '#lib/carriers/sqs/message-md5.js';
import type { Draft } from './model.js';
import type { QueueState } from './queue-state.js';
import type { Queues } from './queues.js';
import { Refusal } from './refusal.js';
import { checkContent, checkPresence, draftBytes, type SendRules } from './send-rules.js';

/** SendMessage. */
export function sendMessage(input: Input, queues: Queues): object {
  const queue = queues.of(input);
  const rules = rulesOf(queue);
  const draft = draftOf(input);
  checkPresence(draft, rules);
  checkContent(draft, rules);
  const answer = store(queue, draft);
  queue.waiters.serve();
  return answer;
}

/** SendMessageBatch. Its entries are stored in their order. */
export function sendMessageBatch(input: Input, queues: Queues): object {
  const queue = queues.of(input);
  const rules = rulesOf(queue);
  const drafts = entriesOf(input).map((entry) => ({ Id: entry.Id, draft: draftOf(entry) }));
  for (const { draft } of drafts) checkPresenceInBatch(draft, rules);
  const bytes = drafts.reduce((sum, { draft }) => sum + draftBytes(draft), 0);
  const { maximumBatchSize = 1_048_576 } = queue.settings;
  if (bytes > maximumBatchSize) {
    const message = `Batch requests cannot be longer than ${maximumBatchSize} bytes. You have sent ${bytes} bytes.`;
    throw new Refusal('BatchRequestTooLong', message);
  }
  const answer = runEntries(drafts, ({ draft }) => {
    checkContent(draft, rules);
    return store(queue, draft);
  });
  queue.waiters.serve();
  return answer;
}

/** Stores a message that breaks no rule, as a request would. */
export function storeChecked(queue: QueueState, draft: Draft): string {
  checkPresence(draft, rulesOf(queue));
  checkContent(draft, rulesOf(queue));
  const { id } = queue.send(draft);
  queue.waiters.serve();
  return id;
}

/** In a batch a missing group id has another code than alone (the recordings named at {@link checkPresence}). */
function checkPresenceInBatch(draft: Draft, rules: SendRules): void {
  try {
    checkPresence(draft, rules);
  } catch (error) {
    if (!(error instanceof Refusal) || draft.body === '') throw error;
    throw new Refusal('InvalidParameterValue', error.message);
  }
}

function rulesOf({ fifo, settings }: QueueState): SendRules {
  const { contentBasedDeduplication = false, maximumMessageSize = 1_048_576 } = settings;
  return { fifo, contentBasedDeduplication, maximumMessageSize };
}

function draftOf(input: Input): Draft {
  const groupId = optionalText(input, 'MessageGroupId');
  const deduplicationId = optionalText(input, 'MessageDeduplicationId');
  const traceHeader = attributesOf(input, 'MessageSystemAttributes').AWSTraceHeader?.StringValue;
  const delay = input.DelaySeconds;
  return {
    body: optionalText(input, 'MessageBody') ?? '',
    attributes: attributesOf(input, 'MessageAttributes'),
    ...(groupId !== undefined && { groupId }),
    ...(deduplicationId !== undefined && { deduplicationId }),
    ...(traceHeader !== undefined && { traceHeader }),
    ...(delay !== undefined && delay !== null && { delaySeconds: Number(delay) }),
  };
}

/** The digests are of what this request brought, also when it repeats an earlier message. */
function store(queue: QueueState, draft: Draft): Readonly<Record<string, unknown>> {
  const { id, sequenceNumber } = queue.send(draft);
  return {
    MessageId: id,
    MD5OfMessageBody: md5OfBody(draft.body),
    ...(Object.keys(draft.attributes).length > 0 && { MD5OfMessageAttributes: md5OfAttributes(draft.attributes) }),
    ...(sequenceNumber !== undefined && { SequenceNumber: sequenceNumber }),
  };
}
