import { loadService } from 'nestjs-sqs-thrift';

export const Queue = loadService('idl/simple-queue.thrift', 'Queue');
