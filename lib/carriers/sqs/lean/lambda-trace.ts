/** Keeps the trace of each invocation where Lambda runs several at a time. Lambda and the AWS SDK share the object. */
interface InvokeStore {
  getXRayTraceId?(): unknown;
}

/** True if AWS Lambda runs this process. */
export function isOnLambda(): boolean {
  return (process.env.AWS_LAMBDA_FUNCTION_NAME ?? '') !== '';
}

/**
 * Returns the header with the trace of the current invocation. AWS detects by the header that a
 * function and a queue invoke each other endlessly. The SDK sends the same header.
 */
export function lambdaTrace(): Readonly<Record<string, string>> {
  const { awslambda } = globalThis as { readonly awslambda?: { readonly InvokeStore?: InvokeStore } };
  const trace = awslambda?.InvokeStore?.getXRayTraceId?.() ?? process.env._X_AMZN_TRACE_ID;
  return typeof trace === 'string' && trace !== '' ? { 'x-amzn-trace-id': trace } : {};
}
