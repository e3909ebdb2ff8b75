import { ofKind, type Fault } from './faults.js';
import type { Delivery } from './model.js';
import type { MessageAnswer } from './receive-answer.js';

/** Counts the messages that were handed out, by which "one in n" is meant. */
export class MessageFaults {
  private delivered = 0;
  private answered = 0;

  /** For each message handed out, whether it stays visible. */
  staysVisible(faults: readonly Fault[]): (delivery: Delivery) => boolean {
    const duplicates = ofKind(faults, 'duplicate');
    return () => {
      this.delivered += 1;
      return duplicates.some(({ oneIn = 1 }) => this.delivered % oneIn === 0);
    };
  }

  /** The messages of an answer with whatever is to be wrong with them. */
  corrupt(messages: readonly MessageAnswer[], faults: readonly Fault[]): MessageAnswer[] {
    const corruptions = ofKind(faults, 'corrupt');
    return messages.map((message) => {
      this.answered += 1;
      const struck = corruptions.filter(({ oneIn = 1 }) => this.answered % oneIn === 0);
      return struck.reduce((answer, { what }) => ({ ...answer, ...WRONG[what](answer) }), message);
    });
  }
}

const WRONG: Readonly<Record<Extract<Fault, { kind: 'corrupt' }>['what'], (message: MessageAnswer) => MessageAnswer>> =
  {
    body: ({ Body }) => ({ Body: flipFirst(String(Body)) }),
    md5: ({ MD5OfBody }) => ({ MD5OfBody: flipFirst(String(MD5OfBody)) }),
    'attributes-md5': ({ MD5OfMessageAttributes }) =>
      MD5OfMessageAttributes === undefined ? {} : { MD5OfMessageAttributes: flipFirst(String(MD5OfMessageAttributes)) },
  };

/** Another text of the same length, with characters that hold for hex and base64 too. */
function flipFirst(text: string): string {
  return `${text.startsWith('0') ? '1' : '0'}${text.slice(1)}`;
}
