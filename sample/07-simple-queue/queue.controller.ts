import { ThriftController } from 'nestjs-sqs-thrift';
import { Queue } from '../generated/simple-queue.js';
import { Strings } from './strings.js';

@ThriftController(Queue)
export class QueueController {
  constructor(private readonly strings: Strings) {}

  push({ msg }: { msg: string }): void {
    this.strings.add(msg);
  }
}
