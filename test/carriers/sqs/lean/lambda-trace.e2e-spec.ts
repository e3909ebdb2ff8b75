import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { SqsFake } from '../../../fakes/sqs/sqs-fake.js';
import { delivery, openFake, startFake } from '../open-fake.js';

const FUNCTION = 'AWS_LAMBDA_FUNCTION_NAME';
const TRACE = '_X_AMZN_TRACE_ID';

interface Runtime {
  awslambda?: unknown;
}

describe.each(['lean', 'sdk'] as const)(
  'the trace of an invocation in AWS Lambda, over the data path %s',
  (dataPath) => {
    let fake: SqsFake;
    const runtime = globalThis as Runtime;
    const { awslambda } = runtime;
    const { [FUNCTION]: name, [TRACE]: trace } = process.env;
    beforeEach(async () => {
      fake = await startFake();
      fake.on('DeleteMessageBatch', { json: { Successful: [{ Id: '0' }] } });
    });
    afterEach(async () => {
      restore(FUNCTION, name);
      restore(TRACE, trace);
      runtime.awslambda = awslambda;
      await fake.stop();
    });

    function restore(variable: string, value: string | undefined): void {
      if (value === undefined) delete process.env[variable];
      else process.env[variable] = value;
    }

    /** Deletes a message, and returns the header of the request. */
    async function sentTrace(): Promise<unknown> {
      const queue = await openFake(fake, { dataPath });
      await queue.acknowledge([delivery('r')]);
      await queue.close();
      return fake.log.requests.at(-1)!.headers['x-amzn-trace-id'];
    }

    it('is not sent outside of Lambda', async () => {
      delete process.env[FUNCTION];
      process.env[TRACE] = 'Root=1-2-3';
      expect(await sentTrace()).toBeUndefined();
    });
  },
);

describe('the trace of an invocation in a process with several', () => {
  it('is that of the running invocation', async () => {
    const { lambdaTrace } = await import('#lib/carriers/sqs/lean/lambda-trace.js');
    const runtime = globalThis as Runtime;
    const { awslambda } = runtime;
    const { [FUNCTION]: name } = process.env;
    process.env[FUNCTION] = 'thumbnails';
    runtime.awslambda = { InvokeStore: { getXRayTraceId: () => 'Root=own' } };
    try {
      expect(lambdaTrace()).toEqual({ 'x-amzn-trace-id': 'Root=own' });
    } finally {
      runtime.awslambda = awslambda;
      if (name === undefined) delete process.env[FUNCTION];
      else process.env[FUNCTION] = name;
    }
  });
});
