import type { WireMessage } from '../queue/wire-message.js';

/** What travels with a call beside its arguments. What is left out comes from the contract, where that says something. */
export type SendOptions = Pick<WireMessage, 'attributes' | 'groupId' | 'deduplicationId' | 'delaySeconds'>;
