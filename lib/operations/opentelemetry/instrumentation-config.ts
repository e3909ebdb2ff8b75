import { checkOptionNames, type OptionNames } from '../../common/option-names.js';
import { booleanOption, choiceOption } from '../../queue/options.js';

/**
 * Configures {@link SqsThriftInstrumentation}.
 *
 * @publicApi
 */
export interface SqsThriftInstrumentationConfig {
  /** False creates the instrumentation switched off. Default true. */
  readonly enabled?: boolean | undefined;
  /**
   * Relates the span of a handler to the message that it handles. `link`: each delivery begins a trace
   * of its own, with a link to the context of the emit. `parent`: the span continues the trace of the
   * emit, and so does each retry. The sender then also decides if the span is sampled. Default `link`.
   */
  readonly consumerTrace?: 'link' | 'parent' | undefined;
  /**
   * True makes a `create` span for each message, whose context the message carries. False sends the
   * context in which a call is emitted. Then a packed body of several contexts carries none. Default true.
   */
  readonly createSpans?: boolean | undefined;
  /** True makes a span for a receive without messages, too. An idle worker has three a minute. Default false. */
  readonly emptyReceives?: boolean | undefined;
  /**
   * True adds the context to SQS messages as the system attribute `AWSTraceHeader`, too. AWS X-Ray and
   * the instrumentation of AWS Lambda read it. It counts neither as an attribute nor towards the size
   * of a message. Default true.
   */
  readonly xray?: boolean | undefined;
  /** False records no metrics. Default true. */
  readonly metrics?: boolean | undefined;
}

const NAMES = {
  enabled: true,
  consumerTrace: true,
  createSpans: true,
  emptyReceives: true,
  xray: true,
  metrics: true,
} satisfies OptionNames<SqsThriftInstrumentationConfig>;

/** {@link SqsThriftInstrumentationConfig} with every default filled in. */
export type ResolvedInstrumentationConfig = {
  readonly [Name in keyof SqsThriftInstrumentationConfig]-?: NonNullable<SqsThriftInstrumentationConfig[Name]>;
};

/** @throws TypeError an option is unknown or not acceptable */
export function resolveInstrumentationConfig(config: SqsThriftInstrumentationConfig): ResolvedInstrumentationConfig {
  const given = checkOptionNames('SqsThriftInstrumentation', config, NAMES);
  return {
    enabled: booleanOption('enabled', given.enabled, true),
    consumerTrace: choiceOption('consumerTrace', given.consumerTrace, ['link', 'parent']),
    createSpans: booleanOption('createSpans', given.createSpans, true),
    emptyReceives: booleanOption('emptyReceives', given.emptyReceives, false),
    xray: booleanOption('xray', given.xray, true),
    metrics: booleanOption('metrics', given.metrics, true),
  };
}
