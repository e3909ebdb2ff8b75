/** A check of a command came out negative; the message is the report. */
export class CheckFailed extends Error {
  override readonly name = 'CheckFailed';
}
