import type { OnApplicationShutdown } from '@nestjs/common';
import { checkOptionNames, type OptionNames } from '../../common/option-names.js';
import type { UntypedMethods } from '../../idl/typed-service.js';
import type { PublisherParts } from '../../publish/publisher.js';
import type { MessageSender } from '../../queue/queue.js';
import type { QueuePrefixOption } from '../../queue/derived-names.js';
import { BaseThriftClient } from '../client/base-thrift-client.js';
import { type BaseThriftClientOptions, CLIENT_OPTION_NAMES } from '../client/client-options.js';
import { checkRenames, queueFor } from '../client/queue-names.js';
import { queueName } from '../queue-name.js';
import type { RecordedArgs, RecordedCall } from './recorded-call.js';
import { RecordingPublisher } from './recording-publisher.js';

/**
 * Configures {@link RecordingClient}.
 *
 * @publicApi
 */
export interface RecordingClientOptions extends BaseThriftClientOptions, QueuePrefixOption {
  /**
   * Names the queue of methods without `sqs.queue` in their contract. With a name that ends in
   * `.fifo` a call needs a message group id and takes no delay. Default `recorded`.
   */
  readonly queue?: string | undefined;
  /** Maps queue names of the contract to other names. Default: the names in the contract, behind `queuePrefix`. */
  readonly queueNames?: Readonly<Record<string, string>> | undefined;
}

const OPTION_NAMES = {
  ...CLIENT_OPTION_NAMES,
  queue: true,
  queueNames: true,
  queuePrefix: true,
} satisfies OptionNames<RecordingClientOptions>;

/**
 * Records calls in place of sending them, for unit tests of classes that emit. A call is encoded and
 * checked as for SQS, so a call that would fail in production fails here too, and is not recorded.
 * A call is recorded before `emit` returns, and `emit` gives the id `recorded-1`, `recorded-2`, ….
 *
 * @example
 * const client = new RecordingClient<BackupQueueMethods>({ service: BackupQueue });
 * await new BackupsController(client).start();
 * expect(client.calls).toMatchObject([{ method: 'startBackup', args: { request: { userId: 'alice' } } }]);
 * @publicApi
 */
export class RecordingClient<Methods extends object = UntypedMethods>
  extends BaseThriftClient<Methods>
  implements OnApplicationShutdown
{
  /** @throws TypeError, RangeError an option is unknown or not acceptable */
  constructor(private readonly options: RecordingClientOptions) {
    super(checkOptionNames('RecordingClient', options, OPTION_NAMES));
    queueName('queue', options.queue);
    checkRenames(options.queueNames, this.codec.contract);
    this.queueName(undefined);
  }

  /** The calls recorded so far, in the order of their emits. */
  get calls(): readonly RecordedCall<Methods>[] {
    return [...this.recorder.calls] as unknown as readonly RecordedCall<Methods>[];
  }

  /** Returns the arguments of the recorded calls of one method, in the order of their emits. */
  argsOf<Method extends keyof Methods & string>(method: Method): readonly RecordedArgs<Methods, Method>[] {
    const calls = this.recorder.calls.filter((call) => call.method === method);
    return calls.map(({ args }) => args as RecordedArgs<Methods, Method>);
  }

  /**
   * Makes calls fail from now on. `emit` rejects with the error, and the call is not recorded.
   *
   * @param fault an error for every call; or a function that returns the error of a call, and
   * undefined for a call that succeeds
   */
  failWith(fault: Error | ((call: RecordedCall<Methods>) => Error | undefined)): void {
    this.recorder.fault = (call) =>
      typeof fault === 'function' ? fault(call as unknown as RecordedCall<Methods>) : fault;
  }

  /** Forgets the recorded calls, and lets calls succeed again. */
  reset(): void {
    this.recorder.calls.length = 0;
    this.recorder.fault = () => undefined;
  }

  onApplicationShutdown(): Promise<void> {
    return this.close();
  }

  /** @internal */
  protected override createPublisher(parts: PublisherParts): RecordingPublisher {
    return new RecordingPublisher(parts, (name) => this.queueName(name));
  }

  protected override openQueue(name: string | undefined): Promise<MessageSender> {
    return Promise.reject(new Error(`a recording client opens no queue, and was asked for ${this.queueName(name)}`));
  }

  private get recorder(): RecordingPublisher {
    return this.publisher as RecordingPublisher;
  }

  private queueName(name: string | undefined): string {
    const { queue = 'recorded', queueNames, queuePrefix } = this.options;
    return queueFor(name, { queue, queueNames, queuePrefix });
  }
}
