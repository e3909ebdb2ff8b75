import type { Queue } from '#lib/queue/queue.js';
import type { CarrierEnds, CarrierUnderTest } from '#lib/testing.js';
import { override } from '../memory-carrier.js';

/** Seconds of the shortest receive. A receive without a wait asks a part of the servers of SQS, so it may miss messages. */
const SHORTEST_WAIT = 1;
/** Seconds of a lease that outlasts the shortest receive and a few answers. */
const SHORT_SECONDS = 5;
/** Longest time of an answer in ms. */
const ANSWER_MS = 20_000;

/** Gives the checks what they need on AWS: receives that miss no message, longer leases and more patience. */
export function farCarrier(carrier: CarrierUnderTest): CarrierUnderTest {
  return {
    ...carrier,
    open: async (options) => patient(await carrier.open(options)),
    reopen: async (ends) => patient(await carrier.reopen!(ends)),
    answerMs: ANSWER_MS,
    shortSeconds: SHORT_SECONDS,
  };
}

function patient({ sender, receiver, deadLetters }: CarrierEnds): CarrierEnds {
  return {
    sender,
    receiver: withLongPolls(receiver as Queue),
    ...(deadLetters !== undefined && { deadLetters: withLongPolls(deadLetters as Queue) }),
  };
}

function withLongPolls(queue: Queue): Queue {
  return override(queue, {
    receive: (options) => queue.receive({ ...options, waitSeconds: Math.max(SHORTEST_WAIT, options.waitSeconds) }),
  });
}
