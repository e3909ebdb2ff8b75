/** The part of the runtime of AWS Lambda that this file uses. */
interface LambdaRuntime {
  readonly awslambda?: { readonly InvokeStore?: { getXRayTraceId?(): string | undefined } };
}

/**
 * Returns the header that continues the trace of an invocation in AWS Lambda, as the SDK does. Lambda
 * also detects endless loops between functions and queues by this header. Empty outside of Lambda.
 */
export function lambdaTrace(): Readonly<Record<string, string>> {
  const { AWS_LAMBDA_FUNCTION_NAME: name, _X_AMZN_TRACE_ID: ofProcess } = process.env;
  if (!name) return {};
  // Several invocations may share a process. The store of the runtime knows the one that runs now.
  const ofInvocation = (globalThis as LambdaRuntime).awslambda?.InvokeStore?.getXRayTraceId?.();
  const id = ofInvocation ?? ofProcess;
  return id ? { 'x-amzn-trace-id': id } : {};
}
