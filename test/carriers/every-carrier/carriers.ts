import { MEMORY } from './memory-carrier.js';
import { SQS } from './sqs-carrier.js';
import type { TestCarrier } from './carrier.js';

/** Every carrier of the package, over which the same controllers run. */
export const CARRIERS: readonly TestCarrier[] = [MEMORY, SQS];
