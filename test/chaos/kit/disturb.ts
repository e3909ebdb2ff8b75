import { setTimeout as wait } from 'node:timers/promises';
import type { FaultProxy } from '../../fakes/proxy/fault-proxy.js';
import type { ProxyMode } from '../../fakes/proxy/proxy-modes.js';

/** Time in ms of a disturbance, and of the calm behind it. */
const SPOILED_MS = 1_000;
const CALM_MS = 500;
/** Time in ms of the first disturbance. */
const OUTAGE_MS = 2_500;

/** Spoils the network between this process and the queue at random. Resolves with the kinds of disturbance in order. */
export async function disturb(proxy: FaultProxy, random: () => number, over: AbortSignal): Promise<readonly string[]> {
  const modes: readonly ProxyMode[] = [
    { kind: 'down' },
    { kind: 'blackHole' },
    { kind: 'latency', ms: 100, jitterMs: 200, random },
    { kind: 'bandwidth', bytesPerSecond: 50_000 },
    { kind: 'reset', per: 'request', probability: 0.3, random },
    { kind: 'reset', per: 'request', at: 'answer', probability: 0.3, random },
  ];
  const kinds: string[] = [];
  while (!over.aborted) {
    // The first disturbance is an outage that is longer than clients wait, so that emits fail for sure.
    const isFirst = kinds.length === 0;
    const mode = isFirst ? modes[0]! : modes[Math.floor(random() * modes.length)]!;
    kinds.push(mode.kind);
    await proxy.set(mode);
    await wait(isFirst ? OUTAGE_MS : SPOILED_MS);
    await proxy.set({ kind: 'up' });
    await wait(CALM_MS);
  }
  return kinds;
}
