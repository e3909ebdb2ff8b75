/** What came is no envelope of a topic that is taken. The message says why, with nothing of the content. */
export class BadEnvelope extends Error {
  override readonly name = 'BadEnvelope';
}
