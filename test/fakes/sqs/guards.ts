import type { Fault, FaultScript } from './faults.js';

const THROTTLED: Fault = { kind: 'error', error: 'RequestThrottled', message: 'Request is throttled.' };

/** At most `n` requests in any second by the fake's clock; what is more is answered with the fault, by default RequestThrottled. */
export function rateCap(n: number, fault: Fault = THROTTLED): FaultScript {
  let taken: number[] = [];
  return ({ at }) => {
    taken = taken.filter((time) => at - time < 1000);
    if (taken.length >= n) return fault;
    taken.push(at);
    return undefined;
  };
}

/** ExpiredToken for every request that another access key id signed than the current one. */
export function onlyKey(current: () => string): FaultScript {
  const expired: Fault = {
    kind: 'error',
    error: 'ExpiredToken',
    message: 'The security token included in the request is expired',
  };
  return ({ accessKey }) => (accessKey === current() ? undefined : expired);
}
