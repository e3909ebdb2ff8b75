/** Difference of the system's monotonic clock and that of this process, in ms. */
const OFFSET = Number(process.hrtime.bigint()) / 1e6 - performance.now();

/** Returns the monotonic time in whole µs, which all processes of a machine share. */
export function now(): number {
  return Math.round((performance.now() + OFFSET) * 1000);
}
