import type { TestCarrier } from './carrier.js';
import { HTTP } from './http-carrier.js';
import { MEMORY } from './memory-carrier.js';
import { SOCKET } from './socket-carrier.js';
import { SQS } from './sqs-carrier.js';
import { KESTREL, SIBERITE, STARLING } from './starling-carrier.js';

/** Every carrier of the package, over which the same controllers run. */
export const CARRIERS: readonly TestCarrier[] = [MEMORY, SQS, SOCKET, HTTP, STARLING, SIBERITE, KESTREL];
