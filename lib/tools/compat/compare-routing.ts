import { isFifo } from '../../idl/routing.js';
import type { FieldSchema, Routing } from '../../idl/schema.js';
import { addFinding, type Comparing } from './comparing.js';
import { EFFECTS, type SchemaLocation } from './finding.js';

/** Compares where and how both versions send the calls of one function. */
export function compareRouting(comparing: Comparing, at: SchemaLocation, before: Routing, after: Routing): void {
  compareQueues(comparing, at, before.queue, after.queue);
  compareGroups(comparing, at, before, after);
  if (!isSamePath(before.deduplicationId, after.deduplicationId)) {
    addFinding(comparing, at, EFFECTS.careBoth, {
      rule: 'dedup-changed',
      change: `sqs.dedup was ${pathText(before.deduplicationId)} and is ${pathText(after.deduplicationId)}: a call that producers of both versions send within five minutes is stored twice`,
      advice: 'let handlers expect the call twice',
    });
  }
  if (before.delaySeconds !== after.delaySeconds) {
    addFinding(comparing, at, EFFECTS.none, {
      rule: 'delay-changed',
      change: `sqs.delay was ${before.delaySeconds ?? 0} s and is ${after.delaySeconds ?? 0} s`,
      advice: 'nothing to do, unless a program relies on the delay',
    });
  }
}

function compareQueues(
  comparing: Comparing,
  at: SchemaLocation,
  before: string | undefined,
  after: string | undefined,
): void {
  if (before === after) return;
  if (before === undefined || after === undefined) {
    return addFinding(comparing, at, EFFECTS.careBoth, {
      rule: 'queue-changed',
      change: `sqs.queue was ${before ?? 'not given'} and is ${after ?? 'not given'}: calls go to another queue, unless the option queue names the same queue`,
      advice: 'check that clients and workers of both versions use one queue',
    });
  }
  addFinding(comparing, at, EFFECTS.breaksBoth, {
    rule: 'queue-changed',
    change: `the queue was ${before} and is ${after}: calls in ${before} are stranded, and old consumers never see new calls`,
    advice: `run workers on both queues until ${before} and its dead-letter queue are empty, or keep the name and map it with option queueNames`,
  });
}

function compareGroups(comparing: Comparing, at: SchemaLocation, before: Routing, after: Routing): void {
  if (isSamePath(before.groupId, after.groupId)) return;
  const queues = [before.queue, after.queue].filter((queue) => queue !== undefined);
  const was = `sqs.group was ${pathText(before.groupId)} and is ${pathText(after.groupId)}`;
  if (queues.length > 0 && !queues.some(isFifo)) {
    return addFinding(comparing, at, EFFECTS.none, {
      rule: 'group-changed',
      change: `${was}: a standard queue keeps no order`,
      advice: 'nothing to do',
    });
  }
  addFinding(comparing, at, queues.length > 0 ? EFFECTS.breaksBoth : EFFECTS.careBoth, {
    rule: 'group-changed',
    change: `${was}: calls of old and new producers${queues.length > 0 ? '' : ', if the queue is FIFO,'} are in different groups and overtake one another`,
    advice: 'stop old producers and let the queue run empty before new ones start, or keep the group',
  });
}

/** True if both paths lead to the same field, which may have another name or another id. */
function isSamePath(before: readonly FieldSchema[] = [], after: readonly FieldSchema[] = []): boolean {
  const same = (key: 'id' | 'name'): boolean => before.every((field, at) => field[key] === after[at]?.[key]);
  return before.length === after.length && (same('id') || same('name'));
}

function pathText(path: readonly FieldSchema[] | undefined): string {
  return path === undefined ? 'not given' : `"${path.map(({ name }) => name).join('.')}"`;
}
