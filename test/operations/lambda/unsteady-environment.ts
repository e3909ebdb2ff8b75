import type { LambdaBatchResponse, LambdaContext, LambdaEvent, LambdaHandler } from 'nestjs-sqs-thrift/lambda';

/** What befalls an invocation. */
export type Mishap = 'cold start' | 'failed start' | 'death after the work' | 'answer after the time-out' | undefined;

export interface EnvironmentParts {
  /** Creates a function, as a cold start does. */
  readonly create: (fails: boolean) => LambdaHandler;
  readonly nextMishap: () => Mishap;
}

/** An execution environment of Lambda, which serves one invocation at a time and does not live long. */
export class UnsteadyEnvironment {
  private handler: LambdaHandler;
  private readonly ended: Promise<void>[] = [];

  constructor(private readonly parts: EnvironmentParts) {
    this.handler = parts.create(false);
  }

  readonly invoke = async (event: LambdaEvent, context: LambdaContext): Promise<LambdaBatchResponse> => {
    const mishap = this.parts.nextMishap();
    if (mishap === 'cold start' || mishap === 'failed start') this.replace(mishap === 'failed start');
    const answer = await this.handler(event, context);
    if (mishap === 'death after the work') {
      this.replace(false);
      throw new Error('the process has ended');
    }
    // Longer than the invocation lasts.
    if (mishap === 'answer after the time-out') await new Promise(() => undefined);
    return answer;
  };

  async close(): Promise<void> {
    this.replace(false);
    await this.handler.close();
    await Promise.all(this.ended);
  }

  private replace(fails: boolean): void {
    this.ended.push(this.handler.close());
    this.handler = this.parts.create(fails);
  }
}
