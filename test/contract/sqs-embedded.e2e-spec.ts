import { EMBEDDED_DEVIATIONS, startEmbeddedServer } from './embedded-server.js';
import { runSqsContract } from './run-sqs-contract.js';

runSqsContract('Amazon SQS, embedded', EMBEDDED_DEVIATIONS, startEmbeddedServer);
