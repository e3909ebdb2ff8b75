import { createEventCodec } from '#lib/event/event-codec.js';
import { MalformedEventError } from '#lib/event/event-error.js';
import type { OnewayCall } from '#lib/event/contract.js';
import type { ProtocolName } from '#lib/thrift/protocol.js';
import { service } from './contract.js';
import { mutated } from './mutate.js';
import { neutralFields } from './neutral.js';
import { seeded, type Random } from './random.js';
import { randomMessages } from './random-messages.js';

/** Holds the result of a run over random and mutated bytes. */
export interface RandomReport {
  readonly runs: number;
  /** Bytes that were read as calls, and how often each reason refused the others. */
  accepted: number;
  readonly refused: Map<string, number>;
  /** Buffers with the fault that was seen, in hex, the first few of them. */
  readonly faults: { readonly fault: string; readonly bytes: string }[];
  slowest: { readonly ms: number; readonly bytes: string };
  /** Heap at the end less the heap at the start, both after a collection when the process allows one. Bytes. */
  heapGrowth: number;
}

const REPORTED = 20;
const AGAIN = 3;
/** Messages to mutate are made anew this seldom: making one takes longer than reading it. */
const REUSED = 50;

/**
 * Decodes random bytes, random bytes behind a good first byte, and mutated messages. A fault is anything thrown that is not documented,
 * a call that its own encoding does not give back, and a codec that no longer works afterwards.
 */
export function runRandom(protocol: ProtocolName, runs: number, seed: number): RandomReport {
  const codec = createEventCodec([service], { protocol });
  const random = seeded(seed);
  const report: RandomReport = {
    runs,
    accepted: 0,
    refused: new Map(),
    faults: [],
    slowest: { ms: 0, bytes: '' },
    heapGrowth: 0,
  };
  const good = codec.encode({ method: 'onI32s', args: { v: [1, -2, 3] } });
  const fault = (what: string, bytes: Buffer): void => {
    if (report.faults.length < REPORTED) report.faults.push({ fault: what, bytes: bytes.toString('hex') });
  };
  const decode = (bytes: Buffer): readonly OnewayCall[] | undefined => {
    const started = performance.now();
    try {
      return codec.decode(bytes);
    } catch (error) {
      if (!(error instanceof MalformedEventError)) fault(String(error), bytes);
      else report.refused.set(error.reason, (report.refused.get(error.reason) ?? 0) + 1);
      return undefined;
    } finally {
      const ms = performance.now() - started;
      if (ms > report.slowest.ms) report.slowest = slower(report.slowest, ms, bytes);
    }
  };
  /** A pause of the whole process would count as slow, so the fastest of a few times counts. */
  const slower = (known: RandomReport['slowest'], first: number, bytes: Buffer): RandomReport['slowest'] => {
    let ms = first;
    for (let i = 0; i < AGAIN && ms > known.ms; i++) {
      const started = performance.now();
      try {
        codec.decode(bytes);
      } catch {
        // Seen already.
      }
      ms = Math.min(ms, performance.now() - started);
    }
    return ms > known.ms ? { ms, bytes: bytes.toString('hex') } : known;
  };
  const before = heapUsed();
  let source: readonly [Buffer, Buffer] = [good, good];
  for (let i = 0; i < runs; i++) {
    if (i % REUSED === 0) source = [randomMessages(random, protocol), randomMessages(random, protocol)];
    const bytes = nextBytes(random, source, good[0]!);
    const calls = decode(bytes);
    if (!calls) continue;
    report.accepted++;
    const again = Buffer.concat(calls.map((call) => codec.encode(call)));
    if (!same(calls, codec.decode(again))) fault('other values when encoded and read again', bytes);
  }
  report.heapGrowth = heapUsed() - before;
  if (!codec.encode({ method: 'onI32s', args: { v: [1, -2, 3] } }).equals(good)) fault('the codec changed', good);
  return report;
}

function nextBytes(random: Random, [message, other]: readonly [Buffer, Buffer], first: number): Buffer {
  if (!random.oneIn(4)) return mutated(random, message, other);
  const bytes = Buffer.from(
    Array.from({ length: 1 + random.below(60) }, () => random.below(random.oneIn(2) ? 256 : 20)),
  );
  if (random.oneIn(2)) bytes[0] = first;
  return bytes;
}

function same(calls: readonly OnewayCall[], again: readonly OnewayCall[]): boolean {
  const text = (all: readonly OnewayCall[]): string =>
    JSON.stringify(
      all.map(({ method, args }) => [method, neutralFields(service.functions.get(method)!.args.fields, args)]),
    );
  return text(calls) === text(again);
}

function heapUsed(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
