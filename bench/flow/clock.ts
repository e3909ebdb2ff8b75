/** Returns the monotonic time in whole µs, which all processes of a machine share. */
export function now(): number {
  return Math.floor(Number(process.hrtime.bigint()) / 1000);
}
