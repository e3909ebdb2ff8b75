import type { Input } from './input.js';
import {
  changeMessageVisibility,
  changeMessageVisibilityBatch,
  deleteMessage,
  deleteMessageBatch,
} from './lease-actions.js';
import { MOVE_ACTIONS } from './move-actions.js';
import { QUEUE_ACTIONS, type QueueContext } from './queue-actions.js';
import { Refusal } from './refusal.js';
import { sendMessage, sendMessageBatch } from './send-actions.js';

type Action = (input: Input, context: QueueContext) => object;

/** Every action but ReceiveMessage, which alone can wait. */
const ACTIONS: Readonly<Record<string, Action>> = {
  ...QUEUE_ACTIONS,
  ...MOVE_ACTIONS,
  SendMessage: (input, { queues }) => sendMessage(input, queues),
  SendMessageBatch: (input, { queues }) => sendMessageBatch(input, queues),
  DeleteMessage: (input, { queues }) => deleteMessage(input, queues),
  DeleteMessageBatch: (input, { queues }) => deleteMessageBatch(input, queues),
  ChangeMessageVisibility: (input, { queues, now }) => changeMessageVisibility(input, queues, now()),
  ChangeMessageVisibilityBatch: (input, { queues, now }) => changeMessageVisibilityBatch(input, queues, now()),
};

/** Carries out an action that does not wait, and gives its answer. Throws a {@link Refusal} as SQS refuses. */
export function runAction(action: string, input: Input, context: QueueContext): object {
  const run = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
  if (run === undefined) throw new Refusal('InvalidAction', `The action ${action} is not known.`);
  return run(input, context);
}
